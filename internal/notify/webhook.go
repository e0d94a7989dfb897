package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Webhook delivers messages by a POST of {"text": …}, as Slack, Mattermost and
// others take them. Whoever knows its address can write there, so that nothing
// ever shows more of it than the host.
type Webhook struct {
	address   *url.URL
	transport *http.Transport
	timeout   time.Duration // of one attempt
	pause     time.Duration // before the second
}

// NewWebhook judges the address: https, or http to this machine alone.
func NewWebhook(address string) (*Webhook, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || strings.ContainsAny(address, " \t\r\n") { // err quotes the address
		return nil, errors.New("it is not an address: one line such as https://hooks.example.com/… is expected")
	}
	if u.User != nil {
		return nil, errors.New("an address with a user name in it is not taken")
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return nil, fmt.Errorf("the address at %s must begin with https://, since whoever sees it can use it", u.Host)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true // one message a run
	return &Webhook{address: u, transport: transport, timeout: 5 * time.Second, pause: 2 * time.Second}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Target names where messages go, without the secret.
func (w *Webhook) Target() string { return w.address.Host }

// Send delivers a message. Where it is not known to have arrived it is sent
// once more: to read it twice does no harm.
func (w *Webhook) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(map[string]string{"text": "*" + slackText(m.Subject) + "*\n" + slackText(m.Text)})
	if err != nil {
		return err
	}
	again, err := w.post(ctx, body)
	if err == nil || !again {
		return err
	}
	select {
	case <-time.After(w.pause):
	case <-ctx.Done():
		return err
	}
	if _, err = w.post(ctx, body); err != nil {
		err = fmt.Errorf("%w, twice", err)
	}
	return err
}

// slackText keeps signs in a file's name from being read as markup, such as a
// call to a whole channel.
func slackText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// post sends once, and says whether to try again. It is a bare round trip: a
// client would follow redirects, and quote the address in its errors.
func (w *Webhook) post(ctx context.Context, body []byte) (again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address.String(), bytes.NewReader(body))
	if err != nil {
		return false, errors.New("the address cannot be used")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "offerlift")
	resp, err := w.transport.RoundTrip(req)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return true, fmt.Errorf("%s did not answer within %s", w.Target(), w.timeout)
	case err != nil:
		return true, fmt.Errorf("%s: %w", w.Target(), err)
	}
	resp.Body.Close() // unread: the status has said it, and the rest may never come
	return w.judge(resp.StatusCode)
}

// judge leaves the answer's body alone: a page that says "not found" often
// quotes the path.
func (w *Webhook) judge(status int) (again bool, err error) {
	switch {
	case status/100 == 2:
		return false, nil
	case status/100 == 3:
		return false, fmt.Errorf("%s answered %d: redirects are not followed, give the address that it leads to", w.Target(), status)
	case status == 404 || status == 410 || status == 403:
		return false, fmt.Errorf("%s answered %d: the webhook's address is wrong or was taken back", w.Target(), status)
	}
	return status >= 500 || status == 429, fmt.Errorf("%s answered %d %s", w.Target(), status, http.StatusText(status))
}
