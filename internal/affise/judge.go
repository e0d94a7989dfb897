package affise

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxMessage is how many characters of an API's message are kept.
const maxMessage = 300

// judge makes an answer or an *Error of a response, by the table in the package
// comment: the envelope and the HTTP code together. text is what was read, and
// err why no more was.
func (c *Client) judge(ctx context.Context, r request, resp *http.Response, text []byte, err error) (*document, error) {
	doc, bad := parse(text)
	status := int64(0)
	if bad == nil && err == nil {
		status, _ = doc.root().get("status").id()
	}
	e := &Error{Call: r.name, HTTP: resp.StatusCode, RetryAfter: retryAfter(resp.Header, answeredAt(resp))}
	e.Outcome = outcomeOf(resp.StatusCode, status)
	if e.Outcome == 0 {
		return doc, nil
	}
	switch {
	case err != nil && e.Outcome == Unknown:
		e.Message, e.Err = shorten(c.redact(c.unread(ctx, r, err))), c.cleaned(err)
	case bad == nil && doc.root().kind() == kindObject:
		e.Said = c.wordsOf(doc.root())
		e.Message = cmp.Or(e.Said, wordless(status))
	default:
		e.Message = notJSON(resp, c.redact(string(text)))
	}
	if e.Outcome == Unauthorised {
		e.Message += "; the API key is refused or may not do this"
	}
	return nil, e
}

// outcomeOf is the table of the package comment: 0 for success. status is the
// envelope's, 0 where there was none.
func outcomeOf(code int, status int64) Outcome {
	success := code >= 200 && code <= 299
	switch {
	case success && status == 1:
		return 0
	case status == 1: // the two contradict each other
		return Unknown
	case success && status != 0:
		return Rejected
	case code == http.StatusTooManyRequests:
		return Throttled
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return Unauthorised
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly:
		return Unknown
	case code >= 400 && code <= 499:
		return Rejected
	}
	return Unknown
}

// unread says why an answer could not be read to its end.
func (c *Client) unread(ctx context.Context, r request, err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, errTooLong):
		return fmt.Sprintf("the answer is longer than %d bytes", r.limit)
	case ctx.Err() != nil:
		return "stopped while the answer came"
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("no complete answer within %s", c.timeout)
	}
	return "the answer broke off: " + err.Error()
}

// notJSON describes an answer that is no envelope.
func notJSON(resp *http.Response, text string) string {
	said := strings.TrimSpace(text)
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode <= 399:
		return "the server sends the call elsewhere, which is not followed: is the base URL right?"
	case resp.StatusCode == http.StatusNotFound, resp.StatusCode == http.StatusMethodNotAllowed:
		return "nothing answers there: the base URL does not look like an Affise API"
	case resp.StatusCode == http.StatusRequestEntityTooLarge:
		return "the server finds the offer too large"
	case said == "":
		return "the answer is empty"
	case said[0] == '<':
		return "the answer is a web page, not JSON"
	case said[0] == '{' || said[0] == '[':
		return "the answer broke off, or is not what an Affise API answers"
	}
	return "the answer is not JSON: " + shorten(said)
}

// wordsOf flattens what an envelope says: a text, or an object of texts as
// "field: text; field: text". It is blank where the envelope says nothing.
func (c *Client) wordsOf(answer element) string {
	for _, key := range []string{"message", "error", "errors"} {
		if text := flat(answer.get(key), "", 0); text != "" {
			return shorten(c.redact(text))
		}
	}
	return ""
}

// wordless describes an envelope that says nothing.
func wordless(status int64) string {
	switch status {
	case 0:
		return "the answer has no status"
	case 1:
		return "the answer says both success and failure"
	}
	return "refused without a reason"
}

func flat(e element, name string, depth int) string {
	if e.kind() < kindArray || depth == 8 {
		text := strings.TrimSpace(e.text())
		if name != "" && text != "" {
			return name + ": " + text
		}
		return text
	}
	var parts []string
	for child := range e.children() {
		below := name
		if e.kind() == kindObject {
			below = strings.TrimPrefix(name+"."+child.name(), ".")
		}
		if text := flat(child, below, depth+1); text != "" {
			parts = append(parts, text)
		}
		if len(parts) == 20 { // more than fits anyway
			break
		}
	}
	return strings.Join(parts, "; ")
}

// shorten makes a server's text fit for a line of a report: no control
// characters, blanks run together, some hundred characters at most.
func shorten(text string) string {
	if len(text) > 16*maxMessage {
		text = text[:16*maxMessage]
	}
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxMessage {
		return string(runes[:maxMessage-1]) + "…"
	}
	return text
}

// redact takes the key out of a text: a server may repeat it. It comes before
// shorten, which could leave half a key.
func (c *Client) redact(text string) string { return strings.ReplaceAll(text, c.key, "[key]") }

// cleaned is an error without the key. What net/http says of a broken answer
// may quote it.
func (c *Client) cleaned(err error) error {
	if err == nil || !strings.Contains(err.Error(), c.key) {
		return err
	}
	return errors.New(c.redact(err.Error()))
}

// retryAfter reads seconds or a date; 0 for neither.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if when, err := http.ParseTime(text); err == nil {
		return max(0, when.Sub(now).Round(time.Second))
	}
	return 0
}

// answeredAt is the time by the server's own clock, by which it also says until
// when to wait; by ours where it does not tell.
func answeredAt(resp *http.Response) time.Time {
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		return at
	}
	return time.Now()
}

// failed makes an *Error of what went wrong on our side of an answer.
func (c *Client) failed(r request, o Outcome, message string, err error) *Error {
	return &Error{Outcome: o, Call: r.name, Message: shorten(c.redact(message)), Err: c.cleaned(err)}
}

// named puts the call into an *Error of the encoder.
func named(err error, call string) error {
	var e *Error
	if errors.As(err, &e) {
		e.Call = call
	}
	return err
}

// broken judges a call that had no answer: certainly not applied where nothing
// had been sent, unknown from the first byte on.
func (c *Client) broken(ctx context.Context, r request, sent *progress, err error) *Error {
	var inner *url.Error // says the URL and the method once more
	if errors.As(err, &inner) {
		err = inner.Err
	}
	outcome := NotApplied
	if sent.begun.Load() {
		outcome = Unknown
	}
	return c.failed(r, outcome, c.cause(ctx, err, outcome), err)
}

// cause says in plain words why there was no answer.
func (c *Client) cause(ctx context.Context, err error, outcome Outcome) string {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var timeout net.Error
	switch {
	case ctx.Err() != nil && outcome == NotApplied:
		return "stopped before it was sent"
	case ctx.Err() != nil:
		return "stopped while the answer was waited for"
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("there is no server named %s: is the company's name in the base URL right?", c.base.Hostname())
	case errors.As(err, &cert), errors.As(err, &unknown):
		return fmt.Sprintf("the certificate of %s is not trusted: %v", c.base.Host, err)
	case errors.As(err, &timeout) && timeout.Timeout() && outcome == NotApplied:
		return fmt.Sprintf("%s could not be reached in time", c.base.Host)
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("no answer within %s", c.timeout)
	case outcome == NotApplied:
		return fmt.Sprintf("%s could not be reached: %v", c.base.Host, err)
	}
	return fmt.Sprintf("the connection broke before the answer came: %v", err)
}
