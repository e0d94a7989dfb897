package cli

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"offerlift/importer"
	"offerlift/internal/metrics"
	"offerlift/internal/notify"
	"offerlift/internal/sheet"
	"offerlift/reports"
)

// nightFlags say who is told of a run that nobody watches. They marshal into
// the journal, so that resume tells the same people: paths, never contents.
type nightFlags struct {
	LogFormat   string `help:"json: one line of JSON an event on standard error, instead of progress; text (default)." placeholder:"FORMAT"`
	LogFile     string `help:"Append the events to this file, in the log format; progress stays as it is." type:"path" placeholder:"FILE"`
	MetricsFile string `help:"Write the run's counts here for Prometheus' textfile collector; it ends in .prom." type:"path" placeholder:"FILE"`
	WebhookFile string `help:"A file that holds the address of a Slack-compatible webhook to tell; or set OFFERLIFT_WEBHOOK." type:"path" placeholder:"FILE"`
	MailFile    string `help:"A YAML file with host, port, from, to, user and password: whom to send an e-mail, and how." type:"path" placeholder:"FILE"`
	Notify      string `help:"When to tell webhook and e-mail: always (default), problems or never." placeholder:"WHEN"`
}

// over lays the flags of a resume over those of the run.
func (f nightFlags) over(past nightFlags) nightFlags {
	return nightFlags{
		LogFormat: cmp.Or(f.LogFormat, past.LogFormat), LogFile: cmp.Or(f.LogFile, past.LogFile),
		MetricsFile: cmp.Or(f.MetricsFile, past.MetricsFile), WebhookFile: cmp.Or(f.WebhookFile, past.WebhookFile),
		MailFile: cmp.Or(f.MailFile, past.MailFile), Notify: cmp.Or(f.Notify, past.Notify),
	}
}

// attended does a command's work and tells of it. Every flag and file is
// judged before the work begins.
func (f *nightFlags) attended(e *env, work func() error) error {
	n, err := f.night(e)
	if err != nil {
		return err
	}
	defer n.close()
	e.night = n
	if n.alone {
		e.voice.logTo(n.log)
	}
	err = work()
	n.refused(e, err)
	return err
}

// night judges the flags and their files, and opens the log.
func (f *nightFlags) night(e *env) (*night, error) {
	n := &night{when: cmp.Or(f.Notify, notifyAlways)}
	if n.when != notifyAlways && n.when != notifyProblems && n.when != notifyNever {
		return nil, refuse("--notify always, problems or never", "--notify %q is not known", f.Notify)
	}
	var err error
	if n.metrics, err = f.metricsPath(); err != nil {
		return nil, err
	}
	if n.when != notifyNever {
		if n.targets, err = f.targets(e); err != nil {
			return nil, err
		}
	}
	return n, f.openLog(e, n) // last, since it is the one that opens a file
}

// metricsPath judges the file for the collector, which reads *.prom alone.
func (f *nightFlags) metricsPath() (string, error) {
	if f.MetricsFile == "" {
		return "", nil
	}
	if filepath.Ext(f.MetricsFile) != ".prom" {
		return "", refuse("name it offerlift.prom: the collector reads no other files", "--metrics-file %s does not end in .prom", f.MetricsFile)
	}
	if info, err := os.Stat(filepath.Dir(f.MetricsFile)); err != nil || !info.IsDir() {
		return "", refuse("make the folder first", "--metrics-file: there is no folder %s", filepath.Dir(f.MetricsFile))
	}
	return f.MetricsFile, nil
}

// targets are the webhook and the mail server, where they are named.
func (f *nightFlags) targets(e *env) (list []target, err error) {
	from, address := "OFFERLIFT_WEBHOOK", strings.TrimSpace(e.getenv("OFFERLIFT_WEBHOOK"))
	if f.WebhookFile != "" {
		from = f.WebhookFile
		if address, err = secretFile("--webhook-file", "the webhook's file", f.WebhookFile); err != nil {
			return nil, err
		}
	}
	if address != "" || f.WebhookFile != "" {
		w, err := notify.NewWebhook(address)
		if err != nil {
			return nil, refuse("put the webhook's address there, alone", "%s: %v", from, err)
		}
		list = append(list, w)
	}
	if f.MailFile == "" {
		return list, nil
	}
	content, err := secretFile("--mail-file", "the mail file", f.MailFile)
	if err != nil {
		return nil, err
	}
	m, err := notify.ParseMail(f.MailFile, []byte(content))
	if err != nil {
		return nil, refuse("", "%v", err)
	}
	return append(list, m), nil
}

// secretFile reads a file that its owner alone may read. what names it in
// errors.
func secretFile(flag, what, path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", refuse("check the path given with "+flag, "%s %s cannot be read: %v", what, path, plain(err))
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", refuse("chmod 600 "+shellWord(path), "%s %s can be read by others on this machine", what, path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", refuse("check the path given with "+flag, "%s %s cannot be read: %v", what, path, plain(err))
	}
	return strings.TrimSpace(string(content)), nil
}

// openLog makes the log: in the file if one is named, else on standard error
// where JSON is asked for, else none.
func (f *nightFlags) openLog(e *env, n *night) error {
	n.log = slog.New(slog.DiscardHandler)
	if f.LogFormat != "" && f.LogFormat != "text" && f.LogFormat != "json" {
		return refuse("--log-format text or --log-format json", "--log-format %q is not known", f.LogFormat)
	}
	if f.LogFile == "" {
		if n.alone = f.LogFormat == "json"; n.alone {
			n.log = slog.New(slog.NewJSONHandler(e.voice.err, nil))
		}
		return nil
	}
	file, err := os.OpenFile(f.LogFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return refuse("check the path given with --log-file", "the log file %s cannot be written: %v", f.LogFile, plain(err))
	}
	n.file = file
	if f.LogFormat == "json" {
		n.log = slog.New(slog.NewJSONHandler(file, nil))
	} else {
		n.log = slog.New(slog.NewTextHandler(file, nil))
	}
	return nil
}

// When people are told.
const (
	notifyAlways   = "always"
	notifyProblems = "problems"
	notifyNever    = "never"
)

// target is where messages go: a webhook, a mail server.
type target interface {
	Target() string // without a secret
	Send(context.Context, notify.Message) error
}

// night tells of a run: the log as it goes, metrics and messages at its end.
// What it cannot deliver is a warning; the run's exit code stays.
type night struct {
	log     *slog.Logger
	file    *os.File // nil where the log goes elsewhere
	alone   bool     // the log has standard error for itself
	metrics string
	when    string
	targets []target
}

func (n *night) close() {
	if n.file != nil {
		n.file.Close()
	}
}

// hooks log a run as it goes and then call the next ones, of which Started alone
// may be missing. Events hold keys, ids and codes, never a title or what else
// stands in a cell.
func (n *night) hooks(next importer.Hooks, account, mode string, offers int) importer.Hooks {
	h := next
	h.Started = func(run string, resumed bool) {
		n.log = n.log.With("run", run)
		n.log.Info("run started", "resumed", resumed, "account", account, "mode", mode, "offers", offers)
		if next.Started != nil {
			next.Started(run, resumed)
		}
	}
	h.Done = func(r importer.Result) {
		n.done(r)
		next.Done(r)
	}
	h.Throttled = func(rate float64, pause time.Duration) {
		n.log.Warn("throttled", "rate", rate, "pause_seconds", pause.Seconds())
		next.Throttled(rate, pause)
	}
	h.Settling = func(key string) {
		n.log.Info("settling", "key", key)
		next.Settling(key)
	}
	return h
}

func (n *night) done(r importer.Result) {
	level := slog.LevelInfo
	attrs := []slog.Attr{slog.String("key", r.Key), slog.String("sheet", r.Sheet), slog.Int("row", r.Row),
		slog.String("action", string(r.Action)), slog.String("status", string(r.Status)), slog.Int("attempts", r.Attempts)}
	if r.OfferID != 0 {
		attrs = append(attrs, slog.Int64("offer_id", r.OfferID))
	}
	if r.Status == importer.StatusFailed || r.Status == importer.StatusUnknown {
		level = slog.LevelWarn
		attrs = append(attrs, slog.String("code", firstError(r.Messages)))
	}
	n.log.LogAttrs(context.Background(), level, "offer done", attrs...)
}

func firstError(messages []sheet.Message) string {
	for _, m := range messages {
		if m.Level == sheet.LevelError {
			return m.Code
		}
	}
	return ""
}

// waiting tells that the run has to wait before it can begin.
func (n *night) waiting(e *env, text string) {
	n.log.Info("waiting", "for", text)
	if !n.alone {
		e.voice.note("%s", text)
	}
}

// finished tells of a run that came to an end, good or bad.
func (n *night) finished(e *env, end ending) {
	sum := end.sum
	n.ended(sum)
	if n.metrics != "" {
		if err := metrics.WriteTextfile(n.metrics, sum); err != nil {
			n.warn(e, "the metrics were not written", "", err)
		}
	}
	if n.when == notifyProblems && sum.ExitCode == exitFine && len(end.files) > 0 {
		return
	}
	n.send(e, notify.About(sum, folder(end.files), end.resume))
}

// folder is where reports are, from anywhere.
func folder(files []reports.File) string {
	if len(files) == 0 {
		return ""
	}
	dir := filepath.Dir(files[0].Path)
	if abs, err := filepath.Abs(dir); err == nil {
		return abs
	}
	return dir
}

func (n *night) ended(sum importer.Summary) {
	level := slog.LevelInfo
	switch sum.ExitCode {
	case exitFine:
	case exitRows:
		level = slog.LevelWarn
	default:
		level = slog.LevelError
	}
	attrs := []slog.Attr{slog.Int("exit_code", sum.ExitCode), slog.Any("counts", sum.Counts), slog.Any("requests", sum.Requests)}
	if sum.FinishedAt != nil {
		attrs = append(attrs, slog.Float64("seconds", sum.FinishedAt.Sub(sum.StartedAt).Seconds()))
	}
	if sum.Stopped != "" {
		attrs = append(attrs, slog.String("stopped", sum.Stopped))
	}
	n.log.LogAttrs(context.Background(), level, "run finished", attrs...)
}

// refused tells of a command that ended before a run began. At a terminal
// somebody sees it, and may have caused it by saying no.
func (n *night) refused(e *env, err error) {
	if err == nil {
		return
	}
	f := &failure{code: exitNothing, text: err.Error()}
	errors.As(err, &f)
	if f.text != "" && !n.alone { // else the voice logs it
		n.log.Error("error", "text", f.text, "hint", f.hint, "exit_code", f.code)
	}
	if f.code == exitNothing && !isTerminal(e.stdin) {
		n.send(e, notify.Refused(f.text, f.hint))
	}
}

// send tells everybody at once, so that one who does not answer keeps nobody else
// from hearing of it, and the command waits for the slowest alone.
func (n *night) send(e *env, m notify.Message) {
	ctx, cancel := e.untilStop(time.Second) // a target that hangs does not hold up a stop
	defer cancel()
	var sent sync.WaitGroup
	for _, t := range n.targets {
		sent.Go(func() {
			if err := t.Send(ctx, m); err != nil {
				n.warn(e, "the notification was not delivered", t.Target(), err)
				return
			}
			n.log.Info("notified", "target", t.Target())
		})
	}
	sent.Wait()
}

func (n *night) warn(e *env, what, where string, err error) {
	n.log.Warn(what, "target", where, "error", err.Error())
	if n.alone {
		return
	}
	if where != "" {
		what += " to " + where
	}
	e.voice.note("%s %s: %v", e.voice.paint(yellow, "warning:"), what, err)
}
