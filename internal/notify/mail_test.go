package notify

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const password = "pa55word-not-to-be-seen"

// post is a small mail server.
type post struct {
	listener net.Listener
	cert     *tls.Certificate // STARTTLS is offered where there is one
	implicit bool
	auth     string // what is offered; blank for none
	refuse   string // the command that is refused: RCPT, MAIL, …
	hang     bool   // says nothing
	silent   bool   // says nothing at the end

	mu    sync.Mutex
	mails []received
	lines []string // of all clients, without content
	wg    sync.WaitGroup
}

type received struct {
	from, content string
	to            []string
	user          string
	encrypted     bool
}

func (p *post) start(t *testing.T) *post {
	t.Helper()
	var err error
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	p.wg.Go(func() {
		for {
			conn, err := p.listener.Accept()
			if err != nil {
				return
			}
			p.wg.Go(func() { p.serve(conn) })
		}
	})
	t.Cleanup(func() { p.listener.Close(); p.wg.Wait() })
	return p
}

// session is one client's.
type session struct {
	conn net.Conn
	in   *bufio.Reader
	received
}

func (s *session) say(format string, args ...any) { fmt.Fprintf(s.conn, format+"\r\n", args...) }

func (p *post) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if p.hang {
		io.Copy(io.Discard, conn)
		return
	}
	s := &session{conn: conn}
	if p.implicit {
		s.encrypt(p.cert)
	}
	s.in = bufio.NewReader(s.conn)
	s.say("220 mail.example.com ready")
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			return
		}
		p.mu.Lock()
		p.lines = append(p.lines, strings.TrimSpace(line))
		p.mu.Unlock()
		if !p.answer(s, strings.TrimSpace(line)) {
			return
		}
	}
}

func (s *session) encrypt(cert *tls.Certificate) {
	s.conn = tls.Server(s.conn, &tls.Config{Certificates: []tls.Certificate{*cert}})
	s.in, s.encrypted = bufio.NewReader(s.conn), true
}

func (p *post) answer(s *session, line string) (more bool) {
	verb, rest, _ := strings.Cut(line, " ")
	if verb == p.refuse {
		s.say("550 5.7.1 not %s here", verb)
		return true
	}
	switch verb {
	case "EHLO":
		s.say("250-mail.example.com")
		if p.cert != nil && !s.encrypted {
			s.say("250-STARTTLS")
		}
		if p.auth != "" {
			s.say("250-AUTH %s", p.auth)
		}
		s.say("250 8BITMIME")
	case "STARTTLS":
		s.say("220 go on")
		s.encrypt(p.cert)
	case "AUTH":
		p.login(s, rest)
	case "MAIL":
		s.from = between(rest)
		s.say("250 ok")
	case "RCPT":
		s.to = append(s.to, between(rest))
		s.say("250 ok")
	case "DATA":
		s.say("354 go on")
		p.take(s)
	case "QUIT":
		if p.silent {
			io.Copy(io.Discard, s.conn)
			return false
		}
		s.say("221 bye")
		return false
	default:
		s.say("502 %s is not known", verb)
	}
	return true
}

func (p *post) login(s *session, rest string) {
	method, token, _ := strings.Cut(rest, " ")
	parts := strings.Split(decoded(token), "\x00")
	if method == "LOGIN" {
		parts = []string{"", s.ask("Username:"), s.ask("Password:")}
	}
	if !strings.Contains(p.auth, method) || len(parts) != 3 || parts[2] != password {
		s.say("535 5.7.8 the credentials are invalid")
		return
	}
	s.user = parts[1]
	s.say("235 welcome")
}

// ask asks for one thing, as the method LOGIN does.
func (s *session) ask(what string) string {
	s.say("334 %s", base64.StdEncoding.EncodeToString([]byte(what)))
	line, _ := s.in.ReadString('\n')
	return decoded(strings.TrimSpace(line))
}

func decoded(token string) string {
	raw, _ := base64.StdEncoding.DecodeString(token)
	return string(raw)
}

func (p *post) take(s *session) {
	var b strings.Builder
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			return
		}
		if line == ".\r\n" {
			break
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
	s.content = b.String()
	p.mu.Lock()
	p.mails = append(p.mails, s.received)
	p.mu.Unlock()
	s.say("250 taken")
}

func between(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}

// selfMade makes a certificate for 127.0.0.1 and the pool that trusts it.
func selfMade(t *testing.T) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// mailTo makes the settings for a server.
func mailTo(t *testing.T, p *post, more string) *Mail {
	t.Helper()
	host, port, err := net.SplitHostPort(p.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	m, err := ParseMail("mail.yaml", fmt.Appendf(nil, "host: %s\nport: %s\nfrom: Offer import <import@example.com>\nto: [anna@example.com, Бен <ben@example.com>]\n%s", host, port, more))
	if err != nil {
		t.Fatal(err)
	}
	m.timeout = 5 * time.Second
	m.now = func() time.Time { return time.Date(2026, 11, 23, 2, 5, 0, 0, time.UTC) }
	return m
}

const login = "user: import@example.com\npassword: " + password + "\n"

func TestMail(t *testing.T) {
	cert, pool := selfMade(t)
	tests := []struct {
		name      string
		server    *post
		more      string
		trust     bool
		wrong     string
		encrypted bool
		user      string
	}{
		{"in the clear", &post{}, "", false, "", false, ""},
		{"starttls", &post{cert: cert}, "", true, "", true, ""},
		{"starttls and login", &post{cert: cert, auth: "LOGIN PLAIN"}, login, true, "", true, "import@example.com"},
		{"tls from the start", &post{cert: cert, implicit: true, auth: "PLAIN"}, login, true, "", true, "import@example.com"},
		{"login to this machine", &post{auth: "PLAIN"}, login, false, "", false, "import@example.com"},
		{"a certificate that nobody knows", &post{cert: cert, auth: "PLAIN"}, login, false, "no encrypted connection", false, ""},
		{"starttls offered and refused", &post{cert: cert, refuse: "STARTTLS"}, "", true, "no encrypted connection", false, ""},
		{"no login here", &post{cert: cert}, login, true, "takes no user and password here", false, ""},
		{"the login of Microsoft 365", &post{cert: cert, auth: "LOGIN XOAUTH2"}, login, true, "", true, "import@example.com"},
		{"its wrong password", &post{cert: cert, auth: "LOGIN XOAUTH2"}, strings.Replace(login, "pa55", "other", 1), true, "refuses the user and password: 535", false, ""},
		{"another login", &post{cert: cert, auth: "XOAUTH2"}, login, true, `offers "XOAUTH2"`, false, ""},
		{"no goodbye", &post{silent: true}, "", false, "", false, ""},
		{"wrong password", &post{cert: cert, auth: "PLAIN"}, strings.Replace(login, "pa55", "other", 1), true, "refuses the user and password: 535", false, ""},
		{"sender refused", &post{refuse: "MAIL"}, "", false, "the sender import@example.com is refused: 550", false, ""},
		{"recipient refused", &post{refuse: "RCPT"}, "", false, "the recipient anna@example.com is refused: 550", false, ""},
		{"content refused", &post{refuse: "DATA"}, "", false, "550", false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := tt.server.start(t)
			m := mailTo(t, p, tt.more)
			m.implicit = p.implicit
			if tt.trust {
				m.roots = pool
			}
			err := m.Send(t.Context(), Message{Subject: "s", Text: "t"})
			checkMailError(t, err, tt.wrong)
			if tt.wrong != "" {
				if len(p.mails) != 0 {
					t.Errorf("an error, and %d mails", len(p.mails))
				}
				return
			}
			if len(p.mails) != 1 {
				t.Fatalf("%d mails", len(p.mails))
			}
			got := p.mails[0]
			if got.encrypted != tt.encrypted || got.user != tt.user || got.from != "import@example.com" || !cmp.Equal(got.to, []string{"anna@example.com", "ben@example.com"}) {
				t.Errorf("received %+v", got)
			}
		})
	}
}

func checkMailError(t *testing.T, err error, wrong string) {
	t.Helper()
	checkError(t, err, wrong)
	if err != nil && (strings.Contains(err.Error(), "not-to-be-seen") || strings.Contains(err.Error(), base64.StdEncoding.EncodeToString([]byte(password))[:12])) {
		t.Errorf("the error shows the password: %v", err)
	}
}

// A password must not go out in the clear to another machine, even where the
// server asks for it.
func TestMailPasswordNeedsEncryption(t *testing.T) {
	for _, method := range []string{"PLAIN", "LOGIN"} {
		t.Run(method, func(t *testing.T) { checkNeedsEncryption(t, method) })
	}
}

func checkNeedsEncryption(t *testing.T, method string) {
	p := (&post{auth: method}).start(t)
	m := mailTo(t, p, login)
	conn, err := net.Dial("tcp", m.address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	m.host = "mail.example.com" // as seen by the login
	err = m.overWire(conn, []byte("x"))
	if err == nil || !strings.Contains(err.Error(), "unencrypted") {
		t.Errorf("error %v", err)
	}
	for _, line := range p.lines {
		if strings.HasPrefix(line, "AUTH") {
			t.Errorf("it was sent: %s", line)
		}
	}
}

func TestMailHangs(t *testing.T) {
	p := (&post{hang: true}).start(t)
	m := mailTo(t, p, "")
	m.timeout = 100 * time.Millisecond
	checkMailError(t, m.Send(t.Context(), Message{}), "did not take the e-mail within 100ms")
	m.timeout = 5 * time.Second
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	checkMailError(t, m.Send(ctx, Message{}), "canceled")
}

func TestMailNobodyThere(t *testing.T) {
	p := (&post{}).start(t)
	m := mailTo(t, p, "")
	p.listener.Close()
	checkMailError(t, m.Send(t.Context(), Message{}), "connection refused")
}

// What arrives is what was said, whatever a file's name holds, and no line of
// it becomes a header.
func TestMailContent(t *testing.T) {
	p := (&post{}).start(t)
	m := mailTo(t, p, "")
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-zé.\r\n]|Bcc: x|\r\n\.\r\n){0,200}`))
		msg := Message{Subject: texts.Draw(rt, "subject"), Text: strings.ReplaceAll(texts.Draw(rt, "text"), "\r", "")}
		got, err := mail.ReadMessage(strings.NewReader(string(m.compose(msg))))
		if err != nil {
			rt.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		if want := oneLine(msg.Subject); err != nil || strings.Join(strings.Fields(subject), " ") != want {
			rt.Fatalf("subject %q, not %q: %v", subject, want, err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(got.Body))
		if text := strings.ReplaceAll(string(body), "\r\n", "\n"); err != nil || text != msg.Text {
			rt.Fatalf("text %q, not %q: %v", text, msg.Text, err)
		}
		if len(got.Header) != 9 || got.Header.Get("Bcc") != "" {
			rt.Fatalf("headers %v", got.Header)
		}
	})
}

func TestMailHeaders(t *testing.T) {
	p := (&post{}).start(t)
	m := mailTo(t, p, "")
	if err := m.Send(t.Context(), Message{Subject: "Übersicht: 3 offers failed, " + strings.Repeat("длинное имя ", 10), Text: "one\n.two\n..three\n"}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(p.mails[0].content) {
		if len(line) > 90 || !strings.HasSuffix(line, "\r\n") || strings.IndexFunc(line, func(r rune) bool { return r > 126 }) >= 0 {
			t.Errorf("a line that servers may break: %q", line)
		}
	}
	got, err := mail.ReadMessage(strings.NewReader(p.mails[0].content))
	if err != nil {
		t.Fatal(err)
	}
	to, err := got.Header.AddressList("To")
	if err != nil || len(to) != 2 || to[1].Name != "Бен" {
		t.Errorf("to %v, %v", to, err)
	}
	for name, want := range map[string]string{
		"From": `"Offer import" <import@example.com>`, "Date": "Mon, 23 Nov 2026 02:05:00 +0000", "Mime-Version": "1.0",
		"Content-Type": "text/plain; charset=utf-8", "Auto-Submitted": "auto-generated",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %q, not %q", name, got.Header.Get(name), want)
		}
	}
	id := got.Header.Get("Message-Id")
	if !strings.HasPrefix(id, "<") || !strings.HasSuffix(id, "@example.com>") || len(id) < 25 {
		t.Errorf("message id %q", id)
	}
	body, _ := io.ReadAll(quotedprintable.NewReader(got.Body))
	if string(body) != "one\r\n.two\r\n..three\r\n" {
		t.Errorf("body %q", body)
	}
}
