package cli_test

import (
	"bufio"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"offerlift/internal/cli"
	"offerlift/internal/sandbox"
)

// The tests run the command as a process of its own: offerlift in a script is
// this test binary.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"offerlift": func() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

var update = os.Getenv("UPDATE_GOLDEN") != ""

func TestScripts(t *testing.T) {
	params := params(t)
	params.Dir = "testdata/script"
	testscript.Run(t, params)
}

const testKey = "key-that-must-not-be-seen"

func params(t *testing.T) testscript.Params {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return testscript.Params{
		UpdateScripts: update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, ".state"))
			env.Setenv("NO_COLOR", "1")
			env.Setenv("AFFISE_API_KEY", testKey)
			env.Values[account{}] = &account{}
			env.Defer(env.Values[account{}].(*account).close)
			env.Values[nightKey{}] = &nightly{}
			env.Defer(env.Values[nightKey{}].(*nightly).close)
			return os.CopyFS(filepath.Join(env.WorkDir, "samples"), os.DirFS(filepath.Join(root, "samples")))
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"account":    startAccount,
			"stored":     checkStored,
			"lines":      checkLines,
			"category":   addCategory,
			"calls":      checkCalls,
			"hook":       startHook,
			"hooked":     checkHooked,
			"mailserver": startMailServer,
			"mailed":     checkMailed,
			"jsonlines":  checkJSONLines,
			"encrypt":    encrypt,
			"locked":     checkLocked,
		},
	}
}

// account is the server that a script talks to.
type account struct {
	server *sandbox.Server
	web    *httptest.Server
}

func (a *account) close() {
	if a.web != nil {
		a.web.CloseClientConnections()
		a.web.Close()
		a.server.Close()
	}
}

// startAccount is the script command "account [SETTING …]": a
// look-alike account at AFFISE_BASE_URL.
func startAccount(ts *testscript.TestScript, _ bool, args []string) {
	cfg := sandbox.Config{Key: testKey, Seed: 1, AnyAdvertiser: true}
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		var err error
		switch name {
		case "faults":
			cfg.Faults, err = sandbox.ParseFaults(value)
		case "seed":
			cfg.Seed, err = strconv.ParseUint(value, 10, 64)
		case "rate":
			cfg.Rate, err = strconv.ParseFloat(value, 64)
		case "refuse-from":
			cfg.RefuseKeyFrom, err = strconv.Atoi(value)
		case "latency":
			cfg.Latency, err = time.ParseDuration(value)
		case "list-delay":
			cfg.ListDelay, err = time.ParseDuration(value)
		case "strict":
			cfg.AnyAdvertiser = false
		case "file":
			cfg.File = ts.MkAbs(value)
		default:
			ts.Fatalf("account: %s is not one of its settings", name)
		}
		ts.Check(err)
	}
	a := ts.Value(account{}).(*account)
	a.close()
	server, err := sandbox.New(cfg)
	ts.Check(err)
	a.server, a.web = server, httptest.NewServer(server)
	ts.Setenv("AFFISE_BASE_URL", a.web.URL)
}

// checkStored is the script command "stored N": the account holds N offers,
// and no key twice.
func checkStored(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: stored N")
	}
	a := ts.Value(account{}).(*account)
	if got := len(a.server.Offers()); strconv.Itoa(got) != args[0] {
		ts.Fatalf("the account holds %d offers, not %s", got, args[0])
	}
	if twice := a.server.Duplicates(); len(twice) > 0 {
		ts.Fatalf("offers stored twice: %v", twice)
	}
}

// checkLines is the script command "lines FILE N PATTERN": N lines of the file
// match the pattern.
func checkLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: lines FILE N PATTERN")
	}
	pattern, err := regexp.Compile(args[2])
	ts.Check(err)
	n := 0
	for scan := bufio.NewScanner(strings.NewReader(ts.ReadFile(args[0]))); scan.Scan(); {
		if pattern.MatchString(scan.Text()) {
			n++
		}
	}
	if strconv.Itoa(n) != args[1] {
		ts.Fatalf("%d lines of %s match %s, not %s", n, args[0], args[2], args[1])
	}
}

// TestDocs runs every command of the README and of the docs: what we tell
// people to type must work.
func TestDocs(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	networks, err := filepath.Glob(filepath.Join(root, "docs", "networks", "*.md"))
	if err != nil || len(networks) == 0 {
		t.Fatalf("no page of a network: %v", err)
	}
	pages = append(append(pages, networks...), filepath.Join(root, "README.md"))
	dir := t.TempDir()
	commands := 0
	for _, page := range pages {
		script, n := scriptOf(t, page)
		commands += n
		if n == 0 {
			continue
		}
		name := strings.TrimSuffix(filepath.Base(page), ".md") + ".txtar"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if commands == 0 {
		t.Fatal("no page holds a command: the test has lost its way")
	}
	params := params(t)
	params.Dir = dir
	testscript.Run(t, params)
}

// scriptOf makes a test script of the sh blocks of a page. "# exit N" after a
// command says how it ends where that is not 0.
func scriptOf(t *testing.T, page string) (script string, commands int) {
	t.Helper()
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("account\n")
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```").FindAllStringSubmatch(string(content), -1) {
		for line := range strings.Lines(block[1]) {
			command, comment, _ := strings.Cut(strings.TrimSpace(line), "#")
			command = strings.Replace(strings.TrimSpace(command), "go run .", "offerlift", 1)
			if !strings.HasPrefix(command, "offerlift") {
				continue
			}
			commands++
			if strings.HasPrefix(command, "offerlift import") && !strings.Contains(command, "--rate") {
				command += " --rate 0" // the pace of a live account is not what a page shows
			}
			fail := ""
			if strings.Contains(comment, "exit") {
				fail = "! "
			}
			fmt.Fprintf(&b, "%sexec %s\n", fail, command)
		}
	}
	return b.String(), commands
}
