package cli

import (
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"offerlift/internal/affise"
	"offerlift/internal/sandbox"
)

// account is where the offers go: a client, its name in the journal, and what
// is to be closed afterwards.
type account struct {
	client *affise.Client
	name   string
	close  func() error
}

func (a *account) Close() error { return a.close() }

// names tells whether an account is named at all.
func (f *accountFlags) names() bool { return f.Sandbox || f.BaseURL != "" }

// sandboxKey is the key that the built-in look-alike takes.
const sandboxKey = "sandbox-key"

// connect makes the client of an account, or of the built-in look-alike. No
// request is made yet.
func (f *accountFlags) connect(e *env, timeout time.Duration, connections int, jf *journalFlags) (*account, error) {
	if f.Sandbox {
		return connectSandbox(e, timeout, connections, jf)
	}
	if !f.names() {
		return nil, refuse("give --base-url https://api-COMPANY.affise.com or set AFFISE_BASE_URL; --sandbox needs no account", "no account is named")
	}
	key, err := f.key(e)
	if err != nil {
		return nil, err
	}
	client, err := affise.NewClient(affise.Config{BaseURL: f.BaseURL, Key: key, Timeout: timeout, Connections: connections, UserAgent: "offerlift/" + Version})
	if err != nil {
		return nil, refuse("", "%v", err)
	}
	return &account{client: client, name: client.Account(), close: func() error { return nil }}, nil
}

// connectSandbox serves the look-alike on a loopback port of its own. Its
// offers are kept beside the journal, so that resume and undo find them.
func connectSandbox(e *env, timeout time.Duration, connections int, jf *journalFlags) (*account, error) {
	path, err := jf.path(e)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, refuse("give another place with --journal FILE", "the sandbox has no place for its offers: %v", err)
	}
	server, err := sandbox.New(sandbox.Config{Key: sandboxKey, File: path + ".sandbox.json"})
	if err != nil {
		return nil, refuse("", "the sandbox cannot start: %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, refuse("", "the sandbox cannot start: %v", err)
	}
	web := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
	go web.Serve(listener) //nolint // ends with Close below
	client, err := affise.NewClient(affise.Config{BaseURL: "http://" + listener.Addr().String(), Key: sandboxKey, Timeout: timeout, Connections: connections})
	if err != nil {
		return nil, err
	}
	return &account{client: client, name: "sandbox", close: func() error { return errors.Join(web.Close(), server.Close()) }}, nil
}
