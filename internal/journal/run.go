package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// Run is one run: a row of the runs table.
type Run struct {
	Number     int64  // the row's id
	Name       string // what the user calls it
	Account    string
	Kind       string // import or undo
	Undoes     int64  // the run that it takes back; 0 = none
	Mode       string
	Profile    string
	Input      []string
	Config     json.RawMessage
	Messages   string // JSON
	RateLimit  float64
	Process    int
	StartedAt  time.Time
	FinishedAt time.Time // zero while it runs, or where it was killed
	ExitCode   int
	Stopped    string
	Requests   int           // requests made in Active
	Active     time.Duration // how long it worked, over all its sittings that came to an end
}

// ErrNoRun is returned where no run has the name.
var ErrNoRun = errors.New("no such run")

// Begin writes a new run and gives it its number.
func (j *Journal) Begin(ctx context.Context, run *Run) error {
	input, err := json.Marshal(run.Input)
	if err != nil {
		return err
	}
	run.Process = os.Getpid()
	return j.await(ctx, op{work: func(tx *sql.Tx) error {
		account, err := accountID(tx, run.Account)
		if err != nil {
			return err
		}
		done, err := tx.Exec(`INSERT INTO runs (name, account_id, kind, undoes, mode, profile, input, config, messages, rate_limit, process, started_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, run.Name, account, run.Kind, orNull(run.Undoes), run.Mode, run.Profile, string(input),
			orNull(string(run.Config)), orNull(run.Messages), run.RateLimit, run.Process, timeText(run.StartedAt))
		if err != nil {
			return err
		}
		run.Number, err = done.LastInsertId()
		return err
	}})
}

func accountID(tx *sql.Tx, name string) (id int64, err error) {
	if _, err := tx.Exec(`INSERT INTO accounts (name) VALUES (?) ON CONFLICT DO NOTHING`, name); err != nil {
		return 0, err
	}
	err = tx.QueryRow(`SELECT id FROM accounts WHERE name = ?`, name).Scan(&id)
	return id, err
}

// Reopen makes a run one that is going on. Rows that were never sent and are not
// done leave it, and so do those that an import skipped for another reason than
// that the account has the offer: the input is read again, and tells of them anew.
// The run's Config takes the place of the one it had.
func (j *Journal) Reopen(ctx context.Context, run Run) error {
	return j.await(ctx, op{work: func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE runs SET finished_at = NULL, exit_code = NULL, stopped = NULL, process = ?, messages = ?, rate_limit = ?, config = ? WHERE id = ?`,
			os.Getpid(), orNull(run.Messages), run.RateLimit, orNull(string(run.Config)), run.Number)
		if err != nil {
			return err
		}
		if _, err = tx.Exec(`DELETE FROM items WHERE run_id = ? AND attempts = 0 AND status IN ('failed', 'pending', 'unknown')`, run.Number); err != nil {
			return err
		}
		if run.Kind == "import" {
			if _, err = tx.Exec(`DELETE FROM items WHERE run_id = ? AND status = 'skipped' AND (offer_id IS NULL OR body_sha256 IS NULL)`, run.Number); err != nil {
				return err
			}
		}
		var last int64
		err = tx.QueryRow(`SELECT coalesce(max(id), 0) FROM attempts WHERE run_id = ?`, run.Number).Scan(&last)
		j.lastAttempt.Store(max(last, j.lastAttempt.Load()))
		return err
	}})
}

// Finish writes how a run's sitting ended: finished_at, exit code, why it
// stopped, its messages, and what it adds to requests and active time.
func (j *Journal) Finish(ctx context.Context, run Run) error {
	return j.await(ctx, op{work: func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE runs SET finished_at = ?, exit_code = ?, stopped = ?, messages = ?, requests = requests + ?, active_ms = active_ms + ? WHERE id = ?`,
			timeText(run.FinishedAt), run.ExitCode, orNull(run.Stopped), orNull(run.Messages), run.Requests, run.Active.Milliseconds(), run.Number)
		return err
	}})
}

const selectRun = `SELECT r.id, r.name, a.name, r.kind, coalesce(r.undoes, 0), r.mode, r.profile, r.input, coalesce(r.config, ''), coalesce(r.messages, ''),
  r.rate_limit, r.process, r.started_at, r.finished_at, coalesce(r.exit_code, 0), coalesce(r.stopped, ''), r.requests, r.active_ms
  FROM runs r JOIN accounts a ON a.id = r.account_id `

// Runs lists all runs, the oldest first.
func (j *Journal) Runs(ctx context.Context) ([]Run, error) {
	return j.runs(ctx, selectRun+`ORDER BY r.id`)
}

// Run finds a run by its name, or by a beginning that no other run has. Where
// there is none, or more than one, the error wraps [ErrNoRun].
func (j *Journal) Run(ctx context.Context, name string) (Run, error) {
	runs, err := j.runs(ctx, selectRun+`WHERE r.name = ?1 OR substr(r.name, 1, length(?1)) = ?1 ORDER BY r.name = ?1 DESC, r.id`, name)
	switch {
	case err != nil:
		return Run{}, err
	case len(runs) == 0 || name == "":
		return Run{}, fmt.Errorf("%w: %s", ErrNoRun, name)
	case len(runs) > 1 && runs[0].Name != name:
		return Run{}, fmt.Errorf("%w: %s could be any of %s", ErrNoRun, name, runNames(runs))
	}
	return runs[0], nil
}

func runNames(runs []Run) string {
	names := make([]string, len(runs))
	for i, run := range runs {
		names[i] = run.Name
	}
	return strings.Join(names, ", ")
}

func (j *Journal) runs(ctx context.Context, query string, args ...any) ([]Run, error) {
	found, err := j.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, j.wrap(err)
	}
	defer found.Close()
	var list []Run
	for found.Next() {
		run, err := scanRun(found)
		if err != nil {
			return nil, j.wrap(err)
		}
		list = append(list, run)
	}
	return list, j.wrap(found.Err())
}

func scanRun(row *sql.Rows) (run Run, err error) {
	var input, config string
	var started, finished sql.NullString
	var active int64
	err = row.Scan(&run.Number, &run.Name, &run.Account, &run.Kind, &run.Undoes, &run.Mode, &run.Profile, &input, &config, &run.Messages,
		&run.RateLimit, &run.Process, &started, &finished, &run.ExitCode, &run.Stopped, &run.Requests, &active)
	if err != nil {
		return run, err
	}
	run.StartedAt, run.FinishedAt = parseTime(started), parseTime(finished)
	run.Active = time.Duration(active) * time.Millisecond
	if config != "" {
		run.Config = json.RawMessage(config)
	}
	return run, json.Unmarshal([]byte(input), &run.Input)
}
