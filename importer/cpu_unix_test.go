//go:build unix

package importer

import (
	"syscall"
	"time"
)

// cpuTime is what the process has used so far, in all its threads.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
