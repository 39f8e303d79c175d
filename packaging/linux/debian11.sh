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
# What it adds to apt's lists and its scratch folder are gone when it ends, well or not.
set -eu
cd "$(dirname "$0")/../.."

PYTHON_PREFIX="${PYTHON_PREFIX:-/opt/python3.11}"
PYTHON="$PYTHON_PREFIX/bin/python3.11"
export DEBIAN_FRONTEND=noninteractive PATH="$PATH:/usr/sbin:/sbin"

APT_LISTS=/etc/apt/sources.list.d
work="$(mktemp -d)"
unpacked="/usr/src/shouwang-python3.11" # always the same: the path of the sources goes into what is compiled
half="" # what must not be taken for a whole Python

stop() {
  echo "debian11.sh: $1" >&2
  exit 1
}

clean_up() {
  rm -rf "$work" "$unpacked" ${half:+"$half"} "$APT_LISTS/shouwang-source.list" "$APT_LISTS/shouwang-security.list"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# shellcheck disable=SC1091  # the file is this system's own
[ "$(. /etc/os-release && echo "${ID:-} ${VERSION_ID:-}")" = "debian 11" ] || stop "this is not Debian 11"
[ "$(id -u)" = 0 ] || stop "needs root, to install what the compiler needs"

packages() {
  apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" >/dev/null ||
    stop "not installed: $*"
}

lists() {
  # By itself apt says that all is well when a list did not come.
  apt-get -q -o APT::Update::Error-Mode=any update >/dev/null 2>&1
}

sources() {
  # What is packed in comes from this system (X11, fonts, printing): with the mends of its security support.
  grep -qs '^deb .*bullseye-security' /etc/apt/sources.list "$APT_LISTS"/*.list ||
    echo "deb http://security.debian.org/debian-security bullseye-security main" >"$APT_LISTS/shouwang-security.list"
  # When Debian 11 has moved to the archive, its files are the same ones there.
  if ! lists; then
    for list in /etc/apt/sources.list "$APT_LISTS"/*.list; do
      [ ! -e "$list" ] || sed -i -e '/bullseye-updates/d' -e 's,//deb.debian.org/,//archive.debian.org/,' \
        -e 's,//security.debian.org/,//archive.debian.org/,' "$list"
    done
    lists || stop "no package lists of Debian 11"
  fi
  apt-get -q -y -o DPkg::Lock::Timeout=300 upgrade >/dev/null || stop "not brought up to date"
}

fetch_python() {
  for part in "$@"; do
    case "$part" in
    main) echo "deb-src http://deb.debian.org/debian bookworm main" ;;
    security) echo "deb-src http://security.debian.org/debian-security bookworm-security main" ;;
    esac
  done >"$APT_LISTS/shouwang-source.list"
  rm -f "$work/fetched"/*
  lists && (cd "$work/fetched" && apt-get -q source --download-only python3.11)
  code=$?
  rm "$APT_LISTS/shouwang-source.list"
  return "$code"
}

compile_python() {
  echo "== what Python is compiled with"
  packages build-essential dpkg-dev ca-certificates libbz2-dev libexpat1-dev libffi-dev liblzma-dev libsqlite3-dev \
    libssl-dev uuid-dev zlib1g-dev

  rm -rf "$unpacked"
  mkdir "$work/fetched"
  chmod 755 "$work"
  chown _apt "$work/fetched" # apt fetches as a user of its own
  # Of the newest mends a list may come before its files do; then the last whole release of Debian 12 it is.
  fetch_python main security || fetch_python main || stop "no source package of Python 3.11"

  # Debian's mends of faults, without those of its patches that move Python's folders about for Debian's own use.
  (cd "$work/fetched" && dpkg-source --no-check --no-copy --skip-patches -x python3.11_*.dsc "$unpacked" >/dev/null)
  cd "$unpacked"
  # Python tells when it was compiled: the day of its sources, so that the same sources give the same program.
  SOURCE_DATE_EPOCH="$(dpkg-parsechangelog -STimestamp)"
  export SOURCE_DATE_EPOCH
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
  half="$PYTHON_PREFIX"
  make -j"$(nproc)" >"$work/make.log" 2>&1 && make install >>"$work/make.log" 2>&1 || {
    tail -n 20 "$work/make.log" >&2
    stop "make failed"
  }
  cd - >/dev/null
  rm -rf "$unpacked"
  unset SOURCE_DATE_EPOCH # of Python's sources, not of ours
  "$PYTHON" -c 'import bz2, ctypes, hashlib, lzma, pyexpat, sqlite3, ssl, uuid, venv, zlib' || stop "a module is missing"
  half=""
}

sources
if [ ! -x "$PYTHON" ]; then
  compile_python
fi
"$PYTHON" -c 'import platform, sys; print("==", sys.version.split()[0], *platform.libc_ver())'

case "${1:-build}" in
python) ;;
build)
  packages binutils ca-certificates git locales xauth xvfb
  # A build tells its commit, also when the checkout belongs to somebody else than root.
  export HOME="$work/home"
  mkdir "$HOME"
  git config --global --add safe.directory "$PWD"
  # A container has no number of its own; without one D-Bus's library ends every program that asks for it.
  [ -s /etc/machine-id ] || tr -d '-' </proc/sys/kernel/random/uuid >/etc/machine-id
  "$PYTHON" packaging/build.py
  .venv/bin/python packaging/smoke_test.py
  .venv/bin/python packaging/installers.py
  ;;
*) stop "wrong usage: $1" ;;
esac
