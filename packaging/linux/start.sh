#!/bin/sh
# Opens 守望 on a Linux desktop, with the bridge to the input method: the program carries Qt's bridge to ibus and none to
# fcitx. fcitx 5 answers on ibus's own address, so ibus is the right word for both. Started without this script the program
# puts it right for itself (packaging/frozen/surroundings.py); here whoever looks after the computer sees it and may change it.
here="$(dirname "$(readlink -f "$0")")"

case "${QT_IM_MODULE:-}" in
ibus | compose) ;;
*) export QT_IM_MODULE=ibus ;;
esac

exec "$here/shouwang" "$@"
