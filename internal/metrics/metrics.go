// Package metrics writes a run's counts for Prometheus, as a file that the node
// exporter's textfile collector picks up.
//
// [WriteTextfile] is all there is. The file tells of one run, the last: an
// alert on offerlift_run_exit_code sees a night that went wrong, one on the age
// of offerlift_run_finished_timestamp_seconds a night that did not happen. No
// label holds the run's name or a key, so that the number of series stays small.
package metrics

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"offerlift/importer"
)

// metric is one name with its samples.
type metric struct {
	name, kind, help string
	samples          []sample
}

// sample is one value; label and of are blank where the labels that all samples
// have are enough.
type sample struct {
	label, of string
	value     float64
}

// WriteTextfile writes the summary of a run to path, whole or not at all. The
// file can be read by everybody on the machine, since the collector runs as
// another user; it holds the account's address and counts alone.
func WriteTextfile(path string, sum importer.Summary) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".offerlift-*.tmp") // the collector reads *.prom alone
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("cannot write %s: %w", path, err)
			os.Remove(tmp.Name())
		}
	}()
	w := bufio.NewWriter(tmp)
	for _, m := range metricsOf(sum) {
		m.write(w, sum)
	}
	if err = errors.Join(w.Flush(), tmp.Chmod(0o644), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// metricsOf are the metrics of a run; one that was cut off has no end, and so
// neither a duration.
func metricsOf(sum importer.Summary) []metric {
	list := []metric{
		{"offerlift_offers", "gauge", "Offers of the last run by what became of them.", offers(sum)},
		{"offerlift_requests_total", "counter", "Requests of the last run to the API; begins anew with each run.", []sample{
			{"kind", "sent", float64(sum.Requests.Sent)},
			{"kind", "retried", float64(sum.Requests.Retried)},
			{"kind", "throttled", float64(sum.Requests.Throttled)},
			{"kind", "looked_up", float64(sum.Requests.LookedUp)},
		}},
		{"offerlift_run_exit_code", "gauge", "How the last run ended: 0 every row fine, 1 some rows failed, 3 stopped before the end.", []sample{{value: float64(sum.ExitCode)}}},
	}
	if sum.FinishedAt == nil {
		return list
	}
	return append(list,
		metric{"offerlift_run_duration_seconds", "gauge", "From the beginning of the last run to its end.", []sample{{value: sum.FinishedAt.Sub(sum.StartedAt).Seconds()}}},
		metric{"offerlift_run_finished_timestamp_seconds", "gauge", "When the last run ended, in seconds since 1970.", []sample{{value: seconds(*sum.FinishedAt)}}},
	)
}

// offers has a sample for every status, also for those that no offer has: an
// alert on a series that comes and goes never fires in time.
func offers(sum importer.Summary) (list []sample) {
	for _, s := range []importer.Status{
		importer.StatusCreated, importer.StatusUpdated, importer.StatusUnchanged, importer.StatusSkipped,
		importer.StatusFailed, importer.StatusUnknown, importer.StatusPending,
	} {
		list = append(list, sample{"status", string(s), float64(sum.Counts[s])})
	}
	return list
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// write writes the metric in the text format. The buffer keeps the error.
func (m metric) write(w *bufio.Writer, sum importer.Summary) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", m.name, m.help, m.name, m.kind)
	for _, s := range m.samples {
		fmt.Fprintf(w, "%s{account=%s,mode=%s,profile=%s", m.name, quote(sum.Account), quote(string(sum.Mode)), quote(sum.Profile))
		if s.label != "" {
			fmt.Fprintf(w, ",%s=%s", s.label, quote(s.of))
		}
		fmt.Fprintf(w, "} %s\n", strconv.FormatFloat(s.value, 'f', -1, 64))
	}
}

// quote escapes a label's value as the format has it, which is not quite as Go
// has it.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(strings.ToValidUTF8(s, "�")) + `"`
}
