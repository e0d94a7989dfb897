package notify

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Mail delivers messages by SMTP: with TLS from the start on port 465, else
// with STARTTLS where the server offers it. A password never goes out in the
// clear, except to this machine.
type Mail struct {
	host           string
	port           int
	from           *mail.Address
	to             []*mail.Address
	user, password string

	implicit bool           // TLS from the start
	roots    *x509.CertPool // nil: the system's
	timeout  time.Duration  // of the whole delivery
	now      func() time.Time
}

// implicitPort is where servers expect TLS from the start.
const implicitPort = 465

// Target names where messages go.
func (m *Mail) Target() string {
	names := make([]string, len(m.to))
	for i, a := range m.to {
		names[i] = a.Address
	}
	return strings.Join(names, ", ")
}

// Send delivers a message to all addresses, or to none where the server refuses
// one of them.
func (m *Mail) Send(ctx context.Context, msg Message) error {
	ctx, cancel := context.WithTimeout(ctx, m.timeout)
	defer cancel()
	err := m.deliver(ctx, m.compose(msg))
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%s did not take the e-mail within %s", m.address(), m.timeout)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return fmt.Errorf("%s: %s", m.address(), oneLine(err.Error()))
}

func (m *Mail) address() string { return net.JoinHostPort(m.host, strconv.Itoa(m.port)) }

func (m *Mail) deliver(ctx context.Context, content []byte) error {
	wire, err := (&net.Dialer{}).DialContext(ctx, "tcp", m.address())
	if err != nil {
		return err
	}
	defer wire.Close()
	defer context.AfterFunc(ctx, func() { wire.Close() })() // ends whatever waits
	conn := wire
	if m.implicit {
		conn = tls.Client(wire, m.tls())
	}
	return m.overWire(conn, content)
}

func (m *Mail) overWire(conn net.Conn, content []byte) error {
	c, err := smtp.NewClient(conn, m.host)
	if err != nil {
		return err
	}
	if err := m.greet(c); err != nil {
		return err
	}
	if err := m.hand(c, content); err != nil {
		return err
	}
	_, _ = c.Text.Cmd("QUIT") // the server has the message already: nobody waits for its goodbye
	return nil
}

func (m *Mail) tls() *tls.Config {
	return &tls.Config{ServerName: m.host, RootCAs: m.roots, MinVersion: tls.VersionTLS12}
}

// greet says hello, turns encryption on and logs in.
func (m *Mail) greet(c *smtp.Client) error {
	if name, err := os.Hostname(); err == nil && name != "" && oneLine(name) == name {
		if err := c.Hello(name); err != nil {
			return err
		}
	}
	if ok, _ := c.Extension("STARTTLS"); ok && !m.implicit {
		if err := c.StartTLS(m.tls()); err != nil {
			return fmt.Errorf("no encrypted connection: %w", err)
		}
	}
	if m.user == "" {
		return nil
	}
	_, methods := c.Extension("AUTH")
	auth := m.auth(strings.Fields(strings.ToUpper(methods)))
	if auth == nil {
		return fmt.Errorf("the server takes no user and password here (it offers %q, PLAIN or LOGIN is needed)", methods)
	}
	if err := c.Auth(auth); err != nil {
		return fmt.Errorf("the server refuses the user and password: %w", err)
	}
	return nil
}

// auth logs in by a method that the server offers; nil where it offers none
// that takes a password.
func (m *Mail) auth(methods []string) smtp.Auth {
	plain := smtp.PlainAuth("", m.user, m.password, m.host)
	switch {
	case slices.Contains(methods, "PLAIN"):
		return plain
	case slices.Contains(methods, "LOGIN"):
		return &loginAuth{judge: plain, answers: []string{m.user, m.password}}
	}
	return nil
}

// loginAuth is the method LOGIN, the only one with a password that Microsoft 365
// offers: the server asks for the user, then for the password.
type loginAuth struct {
	judge   smtp.Auth // refuses to send a password in the clear
	answers []string
}

func (a *loginAuth) Start(server *smtp.ServerInfo) (method string, first []byte, err error) {
	_, _, err = a.judge.Start(server)
	return "LOGIN", nil, err
}

func (a *loginAuth) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	if len(a.answers) == 0 {
		return nil, errors.New("it asks for more than these two")
	}
	answer := a.answers[0]
	a.answers = a.answers[1:]
	return []byte(answer), nil
}

// hand gives the message over.
func (m *Mail) hand(c *smtp.Client, content []byte) error {
	if err := c.Mail(m.from.Address); err != nil {
		return fmt.Errorf("the sender %s is refused: %w", m.from.Address, err)
	}
	for _, to := range m.to {
		if err := c.Rcpt(to.Address); err != nil {
			return fmt.Errorf("the recipient %s is refused: %w", to.Address, err)
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	return w.Close()
}

// compose writes the message as the internet has it. Every header is one line,
// or folded by the encoder: a file's name with a line break adds no header.
func (m *Mail) compose(msg Message) []byte {
	to := make([]string, len(m.to))
	for i, a := range m.to {
		to[i] = a.String()
	}
	_, domain, _ := strings.Cut(m.from.Address, "@")
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", m.from.String())
	header("To", strings.Join(to, ",\r\n "))
	subject := mime.QEncoding.Encode("utf-8", oneLine(msg.Subject))
	header("Subject", strings.ReplaceAll(subject, "?= =?", "?=\r\n =?"))
	header("Date", m.now().Format(time.RFC1123Z))
	header("Message-ID", "<"+rand.Text()+"@"+domain+">")
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "quoted-printable")
	header("Auto-Submitted", "auto-generated") // no out-of-office answers
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	w.Write([]byte(msg.Text)) //nolint // into memory
	w.Close()                 //nolint // into memory
	return b.Bytes()
}
