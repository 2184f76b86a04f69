#!/bin/sh
# Records the README's animation, dark and light: examples/alive/record.sh
# It needs what Fyne needs to build, and xvfb, xdotool and ffmpeg.
set -eu
cd "$(dirname "$0")/../.."
out=$(pwd)/docs
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
go build -o "$work/picture" ./examples/alive
cat >"$work/scene" <<'SCENE'
set -eu
FYNE_THEME=$1 "$2/picture" -blocked & blocked=$!
FYNE_THEME=$1 "$2/picture" & tasks=$!
trap 'kill $blocked $tasks' EXIT
left=$(xdotool search --sync --name '^query in the handler$' | tail -1)
right=$(xdotool search --sync --name '^query in a task$' | tail -1)
xdotool windowmove --sync "$left" 0 0 windowmove --sync "$right" 300 0
sleep 2
ffmpeg -loglevel error -y -f x11grab -draw_mouse 1 -framerate 12 -video_size 592x204 -t 7 -i "$DISPLAY" "$2/scene.mkv" & film=$!
sleep 1
xdotool mousemove 150 128 click 1
sleep 0.7
xdotool mousemove 450 128 click 1
wait $film
SCENE
for theme in dark light; do
	xvfb-run -a -s "-screen 0 592x204x24 -noreset" sh "$work/scene" $theme "$work"
	ffmpeg -loglevel error -y -i "$work/scene.mkv" \
		-vf "split[a][b];[a]palettegen=max_colors=48:stats_mode=diff[p];[b][p]paletteuse=dither=none" "$out/alive-$theme.gif"
done
ls -l "$out"/alive-*.gif
