"""The libraries that are not packed in: every Linux with a desktop has them, and each machine its own."""

GLIBC = frozenset({
    "libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "libresolv.so.2", "librt.so.1", "libutil.so.1",
    "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
})  # fmt: skip
"""The C library's own; README states which version a build needs."""

PACKAGE_OF = {
    # The graphics driver's, which belong to the machine, and X11's own wire: library → Debian's package.
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxcb.so.1": "libxcb1",
}
