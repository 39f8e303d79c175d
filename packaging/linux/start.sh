#!/bin/sh
# Opens 守望 on a Linux desktop: the same program, in surroundings it can work in.
here="$(dirname "$(readlink -f "$0")")"

# Typing Chinese: the program carries Qt's bridge to ibus and none to fcitx. fcitx 5 answers on ibus's own address, so
# ibus is the right word for both; a desktop that says fcitx or xim here would leave her with Latin letters only.
case "${QT_IM_MODULE:-}" in
ibus | compose) ;;
*) QT_IM_MODULE=ibus ;;
esac
unset QT_IM_MODULES # a newer list of the same, which would go before

# Qt's windows come through X11 (on a Wayland desktop through XWayland): no other bridge is carried.
case "${QT_QPA_PLATFORM:-}" in
offscreen | xcb) ;;
*) QT_QPA_PLATFORM=xcb ;;
esac

# What the desktop set for its own Qt programs does not fit this one's Qt.
unset QT_PLUGIN_PATH QT_QPA_PLATFORM_PLUGIN_PATH QT_STYLE_OVERRIDE QT_QPA_PLATFORMTHEME
export QT_IM_MODULE QT_QPA_PLATFORM

exec "$here/shouwang" "$@"
