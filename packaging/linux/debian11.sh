#!/bin/sh
# The Linux program is built on the oldest system it shall run on: a program that is built on a newer one asks for a
# newer C library (glibc) than the schools' desktops have. Debian 11 has glibc 2.31 and Python 3.9; the program needs
# Python 3.11, so this compiles it there from Debian 12's source package, which apt proves by its signature.
#
#   packaging/linux/debian11.sh python     only Python, into $PYTHON_PREFIX (nothing to do when it stands there already)
#   packaging/linux/debian11.sh [build]    Python, then packaging/build.py, smoke_test.py and installers.py with it
#
# Run it as root inside Debian 11, in the checkout:
#   docker run --rm -v "$PWD:/src" -w /src debian:11 packaging/linux/debian11.sh
# or in a folder made by `debootstrap bullseye`, with /proc mounted in it. FAST=1 leaves out the profile-guided
# optimisation: the same program, some tenths slower, compiled in a quarter of the time.
set -eu
cd "$(dirname "$0")/../.."

PYTHON_PREFIX="${PYTHON_PREFIX:-/opt/python3.11}"
PYTHON="$PYTHON_PREFIX/bin/python3.11"
export DEBIAN_FRONTEND=noninteractive PATH="$PATH:/usr/sbin:/sbin"

stop() {
  echo "debian11.sh: $1" >&2
  exit 1
}

# shellcheck disable=SC1091  # the file is this system's own
[ "$(. /etc/os-release && echo "${ID:-} ${VERSION_ID:-}")" = "debian 11" ] || stop "this is not Debian 11"
[ "$(id -u)" = 0 ] || stop "needs root, to install what the compiler needs"

packages() {
  apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" >/dev/null ||
    stop "not installed: $*"
}

sources() {
  # When Debian 11 has moved to the archive, its files are the same ones there.
  if ! apt-get -q update >/dev/null 2>&1; then
    sed -i -e 's,http://deb.debian.org,http://archive.debian.org,' -e '/security\|-updates/d' /etc/apt/sources.list
    apt-get -q update >/dev/null || stop "no package lists"
  fi
}

compile_python() {
  echo "== what Python is compiled with"
  packages build-essential dpkg-dev ca-certificates libbz2-dev libexpat1-dev libffi-dev liblzma-dev libsqlite3-dev \
    libssl-dev uuid-dev zlib1g-dev

  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  chown _apt "$work" # apt fetches as a user of its own
  echo "deb-src http://deb.debian.org/debian bookworm main" >/etc/apt/sources.list.d/python-source.list
  apt-get -q update >/dev/null || stop "no source lists of Debian 12"
  (cd "$work" && apt-get -q source --download-only python3.11) || stop "no source package of Python 3.11"
  rm /etc/apt/sources.list.d/python-source.list

  # Debian's mends of faults, without those of its patches that move Python's folders about for Debian's own use.
  (cd "$work" && dpkg-source --no-check --skip-patches -x python3.11_*.dsc source >/dev/null)
  cd "$work/source"
  mends="$(grep -E '^(CVE-|0[0-9]+-|shutdown-|frame_dealloc|relfile-|ntpath-)' debian/patches/series)"
  [ -n "$mends" ] || stop "no mends found in Debian's source package"
  for mend in $mends; do
    patch -p1 --forward --quiet <"debian/patches/$mend" || stop "this mend does not fit: $mend"
  done

  # One mend reads an inner header of Python, for which Debian compiles this module in a way of its own.
  sed -i "s/Extension('pyexpat', sources=\['pyexpat.c'\])/Extension('pyexpat', sources=['pyexpat.c'], \
extra_compile_args=['-DPy_BUILD_CORE_MODULE'])/" setup.py

  echo "== compiling Python with $(echo "$mends" | wc -l) mends of Debian's"
  optimise="--enable-optimizations"
  [ -z "${FAST:-}" ] || optimise=""
  # PyInstaller carries Python as a shared library. The XML reader is Debian's own, mended by Debian.
  # shellcheck disable=SC2086  # no word at all when it is empty
  ./configure --quiet --prefix="$PYTHON_PREFIX" --enable-shared --with-system-expat --with-ensurepip=install $optimise \
    LDFLAGS="-Wl,-rpath,$PYTHON_PREFIX/lib" >"$work/configure.log" 2>&1 || {
    tail -n 20 "$work/configure.log" >&2
    stop "configure failed"
  }
  make -j"$(nproc)" >"$work/make.log" 2>&1 && make install >>"$work/make.log" 2>&1 || {
    tail -n 20 "$work/make.log" >&2
    stop "make failed"
  }
  cd - >/dev/null
  "$PYTHON" -c 'import bz2, ctypes, hashlib, lzma, pyexpat, sqlite3, ssl, uuid, venv, zlib' || stop "a module is missing"
}

sources
if [ ! -x "$PYTHON" ]; then
  compile_python
fi
"$PYTHON" -c 'import platform, sys; print("==", sys.version.split()[0], *platform.libc_ver())'

case "${1:-build}" in
python) ;;
build)
  packages binutils ca-certificates locales xauth xvfb
  # A container has no number of its own; without one D-Bus's library ends every program that asks for it.
  [ -s /etc/machine-id ] || tr -d '-' </proc/sys/kernel/random/uuid >/etc/machine-id
  "$PYTHON" packaging/build.py
  folder="$("$PYTHON" packaging/build.py --name)"
  .venv/bin/python packaging/smoke_test.py "$folder"
  .venv/bin/python packaging/installers.py "$folder"
  ;;
*) stop "wrong usage: $1" ;;
esac
