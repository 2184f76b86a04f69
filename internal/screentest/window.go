package screentest

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Window waits until a window with this title is on the screen, and returns its id.
func Window(t testing.TB, title string) string {
	t.Helper()
	args := []string{"search", "--sync", "--onlyvisible", "--name", "^" + title + "$"}
	for {
		out, err := xdotool(t, args)
		if err != nil && strings.Contains(out, "BadWindow") {
			continue // another window has disappeared while xdotool looked at it
		}
		require.NoError(t, err, "xdotool %v: %s", args, out)
		id, _, _ := strings.Cut(out, "\n")
		return id
	}
}

// Click clicks with the left button at a place in a window. The pointer comes from elsewhere in
// the window, so that it moves even if it is at that place already.
func Click(t testing.TB, window, x, y string) {
	t.Helper()
	Xdotool(t, "mousemove", "--window", window, "1", "1")
	Xdotool(t, "mousemove", "--window", window, x, y, "click", "1")
}

// CloseWindow does what a window manager does when its close button is clicked: it asks the
// window by a WM_DELETE_WINDOW message. A bare virtual screen has no window manager, and
// xdotool can't send the message. So CloseWindow sends the five X requests itself.
func CloseWindow(t testing.TB, window string) {
	t.Helper()
	id, err := strconv.ParseUint(window, 10, 32)
	require.NoError(t, err)
	require.NoError(t, sendDelete(os.Getenv("DISPLAY"), uint32(id)))
}

// CloseOnly is CloseWindow for the one window with this title, in a process that is not a test.
func CloseOnly(title string) error {
	out, err := exec.Command("xdotool", "search", "--sync", "--onlyvisible", "--name", "^"+title+"$").Output()
	if err != nil {
		return err
	}
	id, err := strconv.ParseUint(strings.TrimSpace(string(out)), 10, 32)
	if err != nil {
		return err
	}
	return sendDelete(os.Getenv("DISPLAY"), uint32(id))
}

func sendDelete(display string, window uint32) error {
	number, _, _ := strings.Cut(strings.TrimPrefix(display, ":"), ".")
	conn, err := net.Dial("unix", "/tmp/.X11-unix/X"+number)
	if err != nil {
		return err
	}
	defer conn.Close()
	var cookie []byte
	if out, err := exec.Command("xauth", "nlist", display).Output(); err == nil {
		if fields := strings.Fields(string(out)); len(fields) > 0 {
			cookie, _ = hex.DecodeString(fields[len(fields)-1])
		}
	}
	const auth = "MIT-MAGIC-COOKIE-1"
	hello := request('l', 0, uint16(11), uint16(0), uint16(len(auth)), uint16(len(cookie)), uint16(0), auth, cookie)
	if _, err := conn.Write(hello); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(conn, head); err != nil {
		return err
	}
	rest := make([]byte, 4*int(binary.LittleEndian.Uint16(head[6:])))
	if _, err := io.ReadFull(conn, rest); err != nil {
		return err
	}
	if head[0] != 1 {
		return errors.New("screentest: the X server refuses: " + string(rest))
	}
	atom := func(name string) (uint32, error) {
		const internAtom = 16
		words := uint16(2 + (len(name)+3)/4)
		if _, err := conn.Write(request(internAtom, 0, words, uint16(len(name)), uint16(0), name)); err != nil {
			return 0, err
		}
		reply := make([]byte, 32)
		_, err := io.ReadFull(conn, reply)
		return binary.LittleEndian.Uint32(reply[8:]), err
	}
	protocols, err := atom("WM_PROTOCOLS")
	if err != nil {
		return err
	}
	del, err := atom("WM_DELETE_WINDOW")
	if err != nil {
		return err
	}
	const sendEvent, clientMessage, format = 25, 33, 32
	if _, err := conn.Write(request(sendEvent, 0, uint16(11), window, uint32(0),
		[]byte{clientMessage, format, 0, 0}, window, protocols, del, make([]byte, 16))); err != nil {
		return err
	}
	_, err = atom("WM_PROTOCOLS") // an answer means that the server has processed what came before
	return err
}

// request joins parts to one X request. It pads texts and cookies to four bytes.
func request(first, second byte, parts ...any) []byte {
	var b bytes.Buffer
	b.Write([]byte{first, second})
	for _, part := range parts {
		if s, ok := part.(string); ok {
			part = []byte(s)
		}
		_ = binary.Write(&b, binary.LittleEndian, part)
		if raw, ok := part.([]byte); ok {
			b.Write(make([]byte, -len(raw)&3))
		}
	}
	return b.Bytes()
}
