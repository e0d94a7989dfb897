//go:build unix

package main

import (
	"os"
	"syscall"
)

// peak is the most memory that a process had, in kilobytes as Linux counts it.
func peak(p *os.ProcessState) int64 { return p.SysUsage().(*syscall.Rusage).Maxrss }
