"""Reading a file on Windows past the computer's memory, straight from the disk (reliability §1.1, step 5).

Linux forgets cached bytes on request; Windows does not, but reads past its cache when a file is opened so.
"""

import sys

if sys.platform == "win32":
    import ctypes
    import mmap
    from collections.abc import Iterator
    from ctypes import wintypes
    from pathlib import Path

    _BLOCK = 1024 * 1024  # a multiple of every sector size, as such reads must be
    _GENERIC_READ, _SHARE_READ, _OPEN_EXISTING = 0x80000000, 0x1, 3
    _NO_BUFFERING, _SEQUENTIAL = 0x20000000, 0x08000000
    _INVALID = wintypes.HANDLE(-1).value

    def uncached_blocks(path: Path) -> Iterator[bytes]:
        """Yield the bytes of ``path`` as the disk gives them back; OSError when it does not."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = wintypes.HANDLE
        kernel.CreateFileW.argtypes = [
            wintypes.LPCWSTR,
            wintypes.DWORD,
            wintypes.DWORD,
            wintypes.LPVOID,
            wintypes.DWORD,
            wintypes.DWORD,
            wintypes.HANDLE,
        ]
        kernel.ReadFile.argtypes = [
            wintypes.HANDLE,
            wintypes.LPVOID,
            wintypes.DWORD,
            ctypes.POINTER(wintypes.DWORD),
            wintypes.LPVOID,
        ]
        kernel.CloseHandle.argtypes = [wintypes.HANDLE]
        handle = kernel.CreateFileW(
            str(path), _GENERIC_READ, _SHARE_READ, None, _OPEN_EXISTING, _NO_BUFFERING | _SEQUENTIAL, None
        )
        if handle == _INVALID:
            raise ctypes.WinError(ctypes.get_last_error())
        got = wintypes.DWORD(0)
        # An anonymous map starts on a page, as a read past the cache demands of its buffer.
        page = mmap.mmap(-1, _BLOCK)
        try:
            buffer = ctypes.byref(ctypes.c_char.from_buffer(page))
            while True:
                if not kernel.ReadFile(handle, buffer, _BLOCK, ctypes.byref(got), None):
                    raise ctypes.WinError(ctypes.get_last_error())
                if got.value == 0:
                    return
                yield bytes(page[: got.value])
        finally:
            kernel.CloseHandle(handle)
