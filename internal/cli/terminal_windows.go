package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// enableTerminal makes a terminal ready for colours and lines drawn in place:
// an older console must be told to understand escape sequences, and where it
// cannot, we print plain lines.
func enableTerminal(f *os.File) bool {
	var mode uint32
	handle := windows.Handle(f.Fd())
	if windows.GetConsoleMode(handle, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(handle, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
