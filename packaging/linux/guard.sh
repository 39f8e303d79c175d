#!/bin/sh
# Before the program's files are replaced or removed (dpkg's preinst and prerm): not under an open window. The program
# reads parts of itself while it works, and would go on with half of another version.
set -e
case "$1" in
upgrade | remove | deconfigure) ;;
*) exit 0 ;;
esac
for process in /proc/[0-9]*; do
  case "$(readlink "$process/exe" 2>/dev/null || true)" in
  /usr/lib/shouwang/*)
    echo "守望还开着。请先关掉它（没保存完的内容会留着），再安装、更新或卸载。什么都没有改动。" >&2
    exit 1
    ;;
  esac
done
