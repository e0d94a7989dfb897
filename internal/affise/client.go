package affise

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Config says where and as whom to call. Its zero values are the defaults,
// except for BaseURL and Key, which must be given.
type Config struct {
	BaseURL     string            // https://api-COMPANY.affise.com; http for loopback alone
	Key         string            // the API key: printable ASCII
	Timeout     time.Duration     // of a whole call, the answer read; default one minute. Large files get a second more for each 128 KiB
	MaxAnswer   int64             // bytes of an answer with one offer, default 4 MiB; lists may have 16 times as many
	Connections int               // kept open at most; default 16. More calls than that wait for one another
	UserAgent   string            // default offerlift
	Transport   http.RoundTripper // instead of a transport of our own
}

// Client calls the API. It may be used by several goroutines at once.
type Client struct {
	http    *http.Client
	base    url.URL
	key     string
	agent   string
	timeout time.Duration
	max     int64
}

// listFactor is how many times larger than a single offer a list may be.
const listFactor = 16

// NewClient checks a config and makes a client. Nothing is sent. Errors say
// what would be right and never hold the key.
func NewClient(c Config) (*Client, error) {
	base, err := parseBase(c.BaseURL)
	if err != nil {
		return nil, err
	}
	if err := checkKey(c.Key); err != nil {
		return nil, err
	}
	if c.Timeout <= 0 {
		c.Timeout = time.Minute
	}
	if c.MaxAnswer <= 0 {
		c.MaxAnswer = 4 << 20
	}
	if c.UserAgent == "" {
		c.UserAgent = "offerlift"
	}
	if c.Transport == nil {
		c.Transport = newTransport(c)
	}
	return &Client{
		http: &http.Client{
			Transport: c.Transport,
			// The key would travel along, and a 307 would send the offer again.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		base: *base, key: c.Key, agent: c.UserAgent, timeout: c.Timeout, max: c.MaxAnswer,
	}, nil
}

// Account is the address that the client calls, in lower case and without a
// path: what tells one account from another.
func (c *Client) Account() string { return c.base.String() }

// Close closes the connections that are idle.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// newTransport speaks HTTP/1.1 alone: with HTTP/2 all calls share one
// connection, one reset makes every call in flight an unknown one, and net/http
// sends some POSTs again by itself.
func newTransport(c Config) *http.Transport {
	if c.Connections <= 0 {
		c.Connections = 16
	}
	var one http.Protocols
	one.SetHTTP1(true)
	stage := min(10*time.Second, c.Timeout)
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment, // which leaves loopback alone
		DialContext:            (&net.Dialer{Timeout: stage, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    stage,
		ResponseHeaderTimeout:  c.Timeout,
		IdleConnTimeout:        30 * time.Second, // sooner than servers close: a POST on a dying connection is an unknown one
		MaxIdleConns:           c.Connections,
		MaxIdleConnsPerHost:    c.Connections,
		MaxConnsPerHost:        c.Connections,
		MaxResponseHeaderBytes: 256 << 10,
		WriteBufferSize:        16 << 10,
		ReadBufferSize:         16 << 10,
		DisableCompression:     true,
		Protocols:              &one,
	}
}

// baseHint is what a base URL looks like.
const baseHint = "https://api-COMPANY.affise.com with your company's name"

// parseBase takes scheme, host and port and nothing else. What it refuses is
// not repeated in full: a pasted URL may hold a password or a key.
func parseBase(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, errors.New("the base URL is missing: it is " + baseHint)
	}
	u, err := url.Parse(text)
	if err != nil || !strings.Contains(text, "://") || u.Host == "" || u.Hostname() == "" {
		return nil, errors.New("the base URL is not an address: it is " + baseHint)
	}
	right := u.Scheme + "://" + u.Host
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("the base URL starts with %s://: it is %s", u.Scheme, baseHint)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, fmt.Errorf("the base URL is http, which would show the API key to everyone on the way: use https://%s", u.Host)
	case u.User != nil:
		return nil, fmt.Errorf("the base URL holds a user or a password: use %s", right)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(text, "#"):
		return nil, fmt.Errorf("the base URL holds more than an address: use %s, the key goes into a file", right)
	case strings.Trim(u.Path, "/") != "":
		return nil, fmt.Errorf("the base URL holds a path: use %s", right)
	case strings.Contains(strings.ToLower(u.Hostname()), "api-company.affise"):
		return nil, errors.New("the base URL still says COMPANY: put your company's name there, as in the admin panel's API settings")
	}
	return &url.URL{Scheme: u.Scheme, Host: plainHost(u)}, nil
}

// plainHost writes a host in one way, so that two spellings are not taken for
// two accounts.
func plainHost(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// checkKey names the place of a wrong character, never the character.
func checkKey(key string) error {
	if key == "" {
		return errors.New("the API key is missing")
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return fmt.Errorf("the API key holds a blank, a line break or a letter that no key has, at position %d: copy it again", i+1)
		}
	}
	return nil
}

// request is one call of the API.
type request struct {
	name   string // what errors call it
	method string
	path   string
	query  url.Values
	body   *Body
	limit  int64 // of the answer, in bytes
}

// leastKey is the shortest key that is taken out of what the server stored: a
// shorter one, as a sandbox may have, is part of other words.
const leastKey = 8

// do sends a request once and judges what comes back.
func (c *Client) do(ctx context.Context, r request) (*document, error) {
	if err := ctx.Err(); err != nil {
		return nil, &Error{Outcome: NotApplied, Call: r.name, Message: "stopped before it was sent", Err: err}
	}
	limited, cancel := context.WithTimeout(ctx, c.timeout+r.extra())
	defer cancel()
	var sent progress
	req, err := c.build(httptrace.WithClientTrace(limited, sent.trace()), r, &sent)
	if err != nil {
		return nil, c.failed(r, outcomeOfFile(err), err.Error(), err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.broken(ctx, r, &sent, err)
	}
	defer resp.Body.Close()
	text, err := readAnswer(resp, r.limit)
	if len(c.key) >= leastKey { // a server may repeat it, also in what it stored
		text = bytes.ReplaceAll(text, []byte(c.key), []byte("[key]"))
	}
	return c.judge(ctx, r, resp, text, err)
}

// extra is how much longer a call with files may take.
func (r request) extra() time.Duration {
	if r.body == nil {
		return 0
	}
	return time.Duration(r.body.Length/(128<<10)) * time.Second
}

// build makes the request. GetBody stays nil, so that net/http has no means to
// send a body a second time, whatever it makes of a connection that broke.
func (c *Client) build(ctx context.Context, r request, sent *progress) (*http.Request, error) {
	u := c.base
	u.Path, u.RawQuery = r.path, r.query.Encode()
	req := &http.Request{
		Method: r.method, URL: &u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"Api-Key":         {c.key},
			"Accept":          {"application/json"},
			"Accept-Encoding": {"identity"},
			"User-Agent":      {c.agent},
		},
	}
	if r.body != nil {
		reader, err := r.body.Open()
		if err != nil {
			return nil, err
		}
		req.Header["Content-Type"] = []string{r.body.ContentType}
		req.Body, req.ContentLength = &sentBody{reader, sent}, r.body.Length
	}
	return req.WithContext(ctx), nil
}

// progress is how far a request has come. Nothing was sent as long as net/http
// has neither written the headers nor asked for the body; the second also holds
// for a transport that knows nothing of traces.
type progress struct{ begun atomic.Bool }

func (p *progress) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{WroteHeaders: func() { p.begun.Store(true) }}
}

// sentBody notes that a body is being read.
type sentBody struct {
	io.ReadCloser
	sent *progress
}

func (b *sentBody) Read(p []byte) (int, error) {
	b.sent.begun.Store(true)
	return b.ReadCloser.Read(p)
}

// readAnswer reads an answer up to a limit; one byte more is errTooLong.
func readAnswer(resp *http.Response, limit int64) ([]byte, error) {
	if resp.ContentLength > limit {
		return nil, errTooLong
	}
	room := min(resp.ContentLength, 256<<10) // a promise alone takes no memory
	if room < 0 {
		room = 4 << 10
	}
	text := make([]byte, 0, room+1) // one more, so that the end is seen without growing
	from := io.LimitReader(resp.Body, limit+1)
	for {
		if len(text) == cap(text) {
			text = append(text, 0)[:len(text)]
		}
		n, err := from.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		switch {
		case int64(len(text)) > limit:
			return nil, errTooLong
		case errors.Is(err, io.EOF):
			return text, nil
		case err != nil:
			return text, err
		}
	}
}

var errTooLong = errors.New("the answer is too long")
