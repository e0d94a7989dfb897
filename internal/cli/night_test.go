package cli_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// nightly is who a script's runs are told to: a webhook and a mail server.
type nightly struct {
	mu     sync.Mutex
	texts  []string
	mails  []string
	web    *httptest.Server
	server net.Listener
	work   sync.WaitGroup
}

func (n *nightly) close() {
	if n.web != nil {
		n.web.Close()
	}
	if n.server != nil {
		n.server.Close()
	}
	n.work.Wait()
}

// nightKey is its key among a script's values.
type nightKey struct{}

// startHook is the script command "hook STATUS": a webhook that answers so,
// with its address in hook.txt.
func startHook(ts *testscript.TestScript, _ bool, args []string) {
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	n := ts.Value(nightKey{}).(*nightly)
	if n.web != nil {
		n.web.Close()
	}
	n.texts = nil
	n.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Text string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.URL.Path != "/secret-path" {
			body.Text = fmt.Sprint("wrong request: ", r.URL.Path, err)
		}
		n.mu.Lock()
		n.texts = append(n.texts, body.Text)
		n.mu.Unlock()
		w.WriteHeader(status)
	}))
	ts.Check(os.WriteFile(ts.MkAbs("hook.txt"), []byte(n.web.URL+"/secret-path\n"), 0o600))
}

// checkHooked is the script command "hooked N PATTERN": so many messages came,
// and the last matches.
func checkHooked(ts *testscript.TestScript, _ bool, args []string) {
	n := ts.Value(nightKey{}).(*nightly)
	n.mu.Lock()
	defer n.mu.Unlock()
	checkLast(ts, n.texts, args)
}

func checkMailed(ts *testscript.TestScript, _ bool, args []string) {
	n := ts.Value(nightKey{}).(*nightly)
	n.mu.Lock()
	defer n.mu.Unlock()
	checkLast(ts, n.mails, args)
}

func checkLast(ts *testscript.TestScript, list, args []string) {
	if strconv.Itoa(len(list)) != args[0] {
		ts.Fatalf("%d messages, not %s: %q", len(list), args[0], list)
	}
	if len(list) > 0 && !regexp.MustCompile("(?s)"+args[1]).MatchString(list[len(list)-1]) {
		ts.Fatalf("the last message does not match %s:\n%s", args[1], list[len(list)-1])
	}
}

// startMailServer is the script command "mailserver FILE [VERB]": a mail server
// that refuses the verb, with its settings in the file.
func startMailServer(ts *testscript.TestScript, _ bool, args []string) {
	n := ts.Value(nightKey{}).(*nightly)
	if n.server != nil {
		n.server.Close()
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	n.server, n.mails = listener, nil
	n.work.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			n.work.Go(func() { n.takeMail(conn, append(args, "")[1]) })
		}
	})
	_, port, err := net.SplitHostPort(listener.Addr().String())
	ts.Check(err)
	settings := fmt.Sprintf("host: 127.0.0.1\nport: %s\nfrom: import@example.com\nto: [anna@example.com]\n", port)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(settings), 0o600))
}

// takeMail speaks as much of SMTP as a delivery needs; internal/notify has the
// tests of the rest.
func (n *nightly) takeMail(conn net.Conn, refuse string) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	fmt.Fprint(conn, "220 ready\r\n")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb {
		case refuse:
			fmt.Fprint(conn, "550 not here\r\n")
		case "DATA":
			fmt.Fprint(conn, "354 go on\r\n")
			var b strings.Builder
			for line := ""; line != ".\r\n" && err == nil; b.WriteString(line) {
				line, err = in.ReadString('\n')
			}
			n.mu.Lock()
			n.mails = append(n.mails, b.String())
			n.mu.Unlock()
			fmt.Fprint(conn, "250 taken\r\n")
		default:
			fmt.Fprint(conn, "250 ok\r\n")
		}
	}
}

// checkJSONLines is the script command "jsonlines FILE": it holds one or more
// lines, each a JSON object with time, level and msg.
func checkJSONLines(ts *testscript.TestScript, _ bool, args []string) {
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	lines := 0
	for ; ; lines++ {
		var event struct{ Time, Level, Msg string }
		err := dec.Decode(&event)
		if err == io.EOF {
			break
		}
		ts.Check(err)
		if event.Time == "" || event.Level == "" || event.Msg == "" {
			ts.Fatalf("line %d is no event: %+v", lines+1, event)
		}
	}
	if lines == 0 {
		ts.Fatalf("%s holds no lines", args[0])
	}
}
