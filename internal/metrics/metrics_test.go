package metrics

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"offerlift/importer"
)

func summary() importer.Summary {
	start := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	end := start.Add(90*time.Second + 250*time.Millisecond)
	return importer.Summary{
		Run: "20261123-0200-abcd", Account: "https://api-acme.affise.com", Mode: "upsert", Profile: "tune",
		StartedAt: start, FinishedAt: &end, ExitCode: 1,
		Counts:   map[importer.Status]int{importer.StatusCreated: 1_234_567, importer.StatusFailed: 3},
		Requests: importer.Requests{Sent: 15, Retried: 2, Throttled: 1, LookedUp: 4},
	}
}

func TestWriteTextfile(t *testing.T) {
	got := written(t, summary())
	common := "account=https://api-acme.affise.com,mode=upsert,profile=tune"
	want := map[string]float64{
		"offerlift_offers{" + common + ",status=created}":                                                       1234567,
		"offerlift_offers{" + common + ",status=updated}":                                                       0,
		"offerlift_offers{" + common + ",status=unchanged}":                                                     0,
		"offerlift_offers{" + common + ",status=skipped}":                                                       0,
		"offerlift_offers{" + common + ",status=failed}":                                                        3,
		"offerlift_offers{" + common + ",status=unknown}":                                                       0,
		"offerlift_offers{" + common + ",status=pending}":                                                       0,
		"offerlift_requests_total{account=https://api-acme.affise.com,kind=sent,mode=upsert,profile=tune}":      15,
		"offerlift_requests_total{account=https://api-acme.affise.com,kind=retried,mode=upsert,profile=tune}":   2,
		"offerlift_requests_total{account=https://api-acme.affise.com,kind=throttled,mode=upsert,profile=tune}": 1,
		"offerlift_requests_total{account=https://api-acme.affise.com,kind=looked_up,mode=upsert,profile=tune}": 4,
		"offerlift_run_exit_code{" + common + "}":                                                               1,
		"offerlift_run_duration_seconds{" + common + "}":                                                        90.25,
		"offerlift_run_finished_timestamp_seconds{" + common + "}":                                              1795399290.25,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A run that was cut off has no end; a time that is made up would hide it.
func TestNoEnd(t *testing.T) {
	sum := summary()
	sum.FinishedAt = nil
	for name := range written(t, sum) {
		if strings.HasPrefix(name, "offerlift_run_duration") || strings.HasPrefix(name, "offerlift_run_finished") {
			t.Errorf("%s of a run without an end", name)
		}
	}
}

// Whatever stands in a label, the file parses and gives it back.
func TestLabelsSurvive(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		sum := summary()
		sum.Profile = rapid.OneOf(rapid.String(), rapid.StringMatching(`[\\"\n{},= n]*`)).Draw(rt, "profile")
		path := filepath.Join(dir, "x.prom")
		if err := WriteTextfile(path, sum); err != nil {
			rt.Fatal(err)
		}
		samples, err := parse(path)
		if err != nil {
			rt.Fatal(err)
		}
		for _, s := range samples {
			if want := strings.ToValidUTF8(sum.Profile, "�"); s.labels["profile"] != want {
				rt.Fatalf("profile %q came back as %q", want, s.labels["profile"])
			}
		}
	})
}

func TestReadableByTheCollector(t *testing.T) {
	path := filepath.Join(t.TempDir(), "offerlift.prom")
	if err := os.WriteFile(path, []byte("of yesterday"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteTextfile(path, summary()); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v: the collector, another user, must be able to read it", info.Mode())
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("%d files beside it, %v", len(left), err)
	}
}

func TestFailureLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "taken.prom")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	err := WriteTextfile(path, summary())
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Fatalf("writing over a folder: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("a temporary file is left: %v", left)
	}
	if err := WriteTextfile(filepath.Join(dir, "gone", "x.prom"), summary()); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

func written(t *testing.T, sum importer.Summary) map[string]float64 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "offerlift.prom")
	if err := WriteTextfile(path, sum); err != nil {
		t.Fatal(err)
	}
	samples, err := parse(path)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, s := range samples {
		var labels []string
		for _, k := range slices.Sorted(maps.Keys(s.labels)) {
			labels = append(labels, k+"="+s.labels[k])
		}
		id := s.name + "{" + strings.Join(labels, ",") + "}"
		if _, twice := out[id]; twice {
			t.Errorf("%s stands twice: the collector refuses the whole file", id)
		}
		out[id] = s.value
	}
	return out
}

type parsed struct {
	name   string
	labels map[string]string
	value  float64
}

// The text format's own rules for names.
var (
	metricName = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*`)
	labelName  = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*`)
)

// parse reads a file by the rules of the text format, and by those of the
// common linter: each metric has a help and a type before its samples, stands in
// one block, a counter and nothing else ends in _total, units are base units.
func parse(path string) (list []parsed, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(string(content), "\n") {
		return nil, fmt.Errorf("the last line has no end")
	}
	current, kind, helped := "", "", map[string]bool{}
	for n, line := range strings.Split(strings.TrimSuffix(string(content), "\n"), "\n") {
		switch fields := strings.SplitN(line, " ", 4); {
		case strings.HasPrefix(line, "# HELP "):
			if helped[fields[2]] || len(fields) < 4 || fields[3] == "" {
				return nil, fmt.Errorf("line %d: help that is blank or stands twice", n+1)
			}
			helped[fields[2]], current, kind = true, fields[2], ""
		case strings.HasPrefix(line, "# TYPE "):
			if fields[2] != current || kind != "" || fields[3] != "gauge" && fields[3] != "counter" {
				return nil, fmt.Errorf("line %d: a type out of place: %s", n+1, line)
			}
			kind = fields[3]
			if (kind == "counter") != strings.HasSuffix(current, "_total") {
				return nil, fmt.Errorf("%s is a %s", current, kind)
			}
		default:
			s, err := parseSample(line)
			if err != nil || s.name != current || kind == "" {
				return nil, fmt.Errorf("line %d: %q in the block of %q: %v", n+1, line, current, err)
			}
			list = append(list, s)
		}
	}
	return list, nil
}

func parseSample(line string) (s parsed, err error) {
	s.name, s.labels = metricName.FindString(line), map[string]string{}
	rest, ok := strings.CutPrefix(line[len(s.name):], "{")
	if !ok || s.name == "" {
		return s, fmt.Errorf("no name or no labels")
	}
	for !strings.HasPrefix(rest, "}") {
		name := labelName.FindString(rest)
		if rest, ok = strings.CutPrefix(rest[len(name):], `="`); !ok || name == "" {
			return s, fmt.Errorf("no label at %q", rest)
		}
		if _, twice := s.labels[name]; twice {
			return s, fmt.Errorf("label %s twice", name)
		}
		if s.labels[name], rest, err = parseQuoted(rest); err != nil {
			return s, err
		}
		rest = strings.TrimPrefix(rest, ",")
	}
	s.value, err = strconv.ParseFloat(strings.TrimPrefix(rest, "} "), 64)
	return s, err
}

// parseQuoted reads up to the closing quote: \\, \" and \n are the only escapes.
func parseQuoted(s string) (value, rest string, err error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], nil
		case '\\':
			i++
			if i == len(s) || !strings.ContainsRune(`\"n`, rune(s[i])) {
				return "", "", fmt.Errorf("an escape that the format does not have")
			}
			b.WriteByte(map[byte]byte{'\\': '\\', '"': '"', 'n': '\n'}[s[i]])
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", fmt.Errorf("no closing quote")
}
