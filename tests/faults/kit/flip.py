"""A stick that takes every byte and gives another one back: a library that goes between the program and the system."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.faults.kit.disks import needs

# Which write to a file whose name ends in $FLIP_SUFFIX is spoilt, counted from 1: $FLIP_WRITE. No header is needed.
SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long seen;

static int is_ours(int fd) {
    const char *suffix = getenv("FLIP_SUFFIX");
    char link[64], path[4096];
    if (!suffix) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    size_t tail = strlen(suffix);
    return (size_t)length >= tail && !strcmp(path + length - tail, suffix);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = dlsym(RTLD_NEXT, "write");
    if (length && is_ours(fd) && ++seen == atol(getenv("FLIP_WRITE"))) {
        char *spoilt = malloc(length);
        memcpy(spoilt, bytes, length);
        spoilt[length / 2] ^= 1;
        ssize_t written = real(fd, spoilt, length);
        free(spoilt);
        return written;
    }
    return real(fd, bytes, length);
}
"""


def build_shim(folder: Path) -> Path:
    """Compile the library; skip the test where there is no C compiler."""
    source, library = folder / "flip.c", folder / "flip.so"
    source.write_text(SOURCE, encoding="utf-8")
    subprocess.run(
        [needs("cc"), "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"],
        check=True,
        capture_output=True,
    )
    return library
