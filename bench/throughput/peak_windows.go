package main

import "os"

// peak is not told by Windows when a process has ended.
func peak(*os.ProcessState) int64 { return 0 }
