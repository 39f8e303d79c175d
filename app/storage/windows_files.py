"""Files and disks on Windows, asked for as only Windows can: past the computer's memory, held by whom, on which cable."""

import sys

if sys.platform == "win32":
    import ctypes
    import mmap
    import struct
    from collections.abc import Iterator
    from contextlib import contextmanager
    from ctypes import wintypes
    from pathlib import Path

    _BLOCK = 1024 * 1024  # a multiple of every sector size, as such reads must be
    _GENERIC_READ, _GENERIC_WRITE, _OPEN_EXISTING = 0x80000000, 0x40000000, 3
    _SHARE_READ, _SHARE_ALL = 0x1, 0x7
    _NO_BUFFERING, _SEQUENTIAL = 0x20000000, 0x08000000
    _INVALID = wintypes.HANDLE(-1).value
    _SHARING_VIOLATION = 32
    # What winioctl.h calls IOCTL_STORAGE_QUERY_PROPERTY; twelve zeros ask for the device itself (STORAGE_PROPERTY_QUERY), and
    # at byte 28 of the answer stands its bus (STORAGE_DEVICE_DESCRIPTOR).
    _STORAGE_QUERY, _QUERY_SIZE, _BUS_AT = 0x002D1400, 12, 28
    _FIREWIRE, _USB = 4, 7

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateFileW.restype = wintypes.HANDLE
    _kernel.CreateFileW.argtypes = [
        wintypes.LPCWSTR,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.HANDLE,
    ]
    _kernel.ReadFile.argtypes = [
        wintypes.HANDLE,
        wintypes.LPVOID,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
        wintypes.LPVOID,
    ]
    _kernel.DeviceIoControl.argtypes = [
        wintypes.HANDLE,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
        wintypes.LPVOID,
    ]
    _kernel.CloseHandle.argtypes = [wintypes.HANDLE]

    @contextmanager
    def _opened(path: Path | str, access: int, share: int, flags: int) -> Iterator[wintypes.HANDLE]:
        """Open a file that is there; OSError when it is not given so."""
        handle = _kernel.CreateFileW(str(path), access, share, None, _OPEN_EXISTING, flags, None)
        if handle == _INVALID:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            yield handle
        finally:
            _kernel.CloseHandle(handle)

    def uncached_blocks(path: Path) -> Iterator[bytes]:
        """Yield the bytes of ``path`` as the disk gives them back; OSError when it does not (reliability §1.1, step 5).

        Linux forgets cached bytes on request; Windows does not, but reads past its cache when a file is opened so.
        """
        with _opened(path, _GENERIC_READ, _SHARE_READ, _NO_BUFFERING | _SEQUENTIAL) as handle:
            got = wintypes.DWORD(0)
            # An anonymous map starts on a page, as a read past the cache demands of its buffer.
            page = mmap.mmap(-1, _BLOCK)
            buffer = ctypes.byref(ctypes.c_char.from_buffer(page))
            while True:
                if not _kernel.ReadFile(handle, buffer, _BLOCK, ctypes.byref(got), None):
                    raise ctypes.WinError(ctypes.get_last_error())
                if got.value == 0:
                    return
                yield bytes(page[: got.value])

    def is_kept_from_writing(path: Path) -> bool:
        """Tell whether another program has ``path`` open and lets nobody write it meanwhile."""
        try:
            with _opened(path, _GENERIC_WRITE, _SHARE_ALL, 0):
                return False
        except OSError as error:
            return error.winerror == _SHARING_VIOLATION

    def hangs_on_a_cable(root: str) -> bool:
        """Tell whether the disk of a drive letter (``E:`` and a backslash) can be pulled out of the computer: USB, FireWire.

        Windows calls a hard disk in a case of its own a fixed one. Where it does not tell, False.
        """
        question = ctypes.create_string_buffer(_QUERY_SIZE)
        answer = ctypes.create_string_buffer(1024)
        got = wintypes.DWORD(0)
        device = "\\\\.\\" + root.rstrip("\\")
        try:
            # Asking for no access needs no administrator and does not wake the disk.
            with _opened(device, 0, _SHARE_ALL, 0) as handle:
                is_told = _kernel.DeviceIoControl(
                    handle,
                    _STORAGE_QUERY,
                    question,
                    _QUERY_SIZE,
                    answer,
                    len(answer),
                    ctypes.byref(got),
                    None,
                )
        except OSError:
            return False
        if not is_told or got.value < _BUS_AT + 4:
            return False
        return struct.unpack_from("<I", answer, _BUS_AT)[0] in (_FIREWIRE, _USB)
