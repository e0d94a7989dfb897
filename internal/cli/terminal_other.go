//go:build !windows

package cli

import "os"

// enableTerminal makes a terminal ready for colours and lines drawn in place.
func enableTerminal(*os.File) bool { return true }
