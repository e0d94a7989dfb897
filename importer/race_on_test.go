//go:build race

package importer

// underRace tells whether the race detector is at work.
const underRace = true
