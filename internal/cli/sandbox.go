package cli

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"time"

	"offerlift/internal/sandbox"
)

// sandboxCmd serves the look-alike until it is told to stop.
type sandboxCmd struct {
	Listen        string        `default:"127.0.0.1:8090" help:"The loopback address to listen on; port 0 takes a free one."`
	Key           string        `default:"sandbox-key" help:"The API key that is accepted."`
	File          string        `help:"Keep the offers in this file; in memory otherwise." type:"path" placeholder:"FILE"`
	Rate          float64       `help:"Requests per second that are allowed; 0 for no limit." placeholder:"N"`
	RetryAfter    bool          `help:"Say with Retry-After how long to wait."`
	Faults        string        `help:"Faults and their shares, such as lost=0.05,500-after=0.02." placeholder:"LIST"`
	Seed          uint64        `default:"1" help:"The seed of the dice for faults."`
	Latency       time.Duration `help:"How long every answer takes longer." placeholder:"TIME"`
	ListDelay     time.Duration `help:"How long until a new offer is listed." placeholder:"TIME"`
	RefuseKeyFrom int           `help:"Refuse the key from this request on; 0 for never." placeholder:"N"`
	AnyAdvertiser bool          `help:"Take every advertiser id, not only those of the list."`
	List          bool          `name:"list" help:"Print the advertisers, categories and sources that it knows, and end."`
}

// Run is the command.
func (c *sandboxCmd) Run(e *env) error {
	if c.List {
		return c.names(e)
	}
	faults, err := sandbox.ParseFaults(c.Faults)
	if err != nil {
		return refuse("such as --faults lost=0.05,429=0.03", "%v", err)
	}
	server, err := sandbox.New(sandbox.Config{
		Key: c.Key, File: c.File, Rate: c.Rate, RetryAfter: c.RetryAfter, Faults: faults, Seed: c.Seed,
		Latency: c.Latency, ListDelay: c.ListDelay, RefuseKeyFrom: c.RefuseKeyFrom, AnyAdvertiser: c.AnyAdvertiser,
	})
	if err != nil {
		return refuse("", "%v", err)
	}
	listener, err := listenLoopback(c.Listen)
	if err != nil {
		return err
	}
	web := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
	e.voice.say("listening on http://%s", listener.Addr())
	e.voice.say("in another window: %s offerlift import FILE --base-url http://%s", withKey(c.Key), listener.Addr())
	go func() {
		select {
		case <-e.stop:
		case <-e.ctx.Done():
		}
		web.Close()
	}()
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, server.Close())
	}
	stats := server.Stats()
	e.voice.say("%s, at most %s in one second, %s throttled; %s made; %s with a key that another has",
		count(stats.Requests, "request"), group(stats.Busiest), group(stats.Throttled), count(stats.Created, "offer"), count(len(server.Duplicates()), "offer"))
	return server.Close()
}

// withKey sets the key for a command, as the system's usual shell has it.
func withKey(key string) string {
	if runtime.GOOS == "windows" {
		return fmt.Sprintf(`$env:AFFISE_API_KEY = "%s";`, key)
	}
	return "AFFISE_API_KEY=" + key
}

// listenLoopback refuses every address that others can reach: the look-alike
// is no server for a network.
func listenLoopback(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, refuse("such as --listen 127.0.0.1:8090", "--listen %s is not a loopback address with a port", address)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, refuse("give another port with --listen 127.0.0.1:PORT", "%v", err)
	}
	return l, nil
}

func (c *sandboxCmd) names(e *env) error {
	for _, a := range sandbox.Advertisers() {
		e.voice.say("advertiser %s  %s", a.ID, a.Title)
	}
	for _, a := range sandbox.Categories() {
		e.voice.say("category   %s  %s", a.ID, a.Title)
	}
	for _, a := range sandbox.Sources() {
		e.voice.say("source     %s  %s", a.ID, a.Title)
	}
	return nil
}
