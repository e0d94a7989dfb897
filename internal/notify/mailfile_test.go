package notify

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestParseMail(t *testing.T) {
	m, err := ParseMail("mail.yaml", []byte("# how we mail\nhost: smtp.example.com\nfrom: a@example.com\nto: b@example.com\nuser: 'x'\npassword: 0123\n"))
	if err != nil {
		t.Fatal(err)
	}
	if m.host != "smtp.example.com" || m.port != 587 || m.implicit || m.Target() != "b@example.com" || m.password != "0123" {
		t.Errorf("%+v", m)
	}
	m, err = ParseMail("mail.yaml", []byte("host: smtp.example.com\nport: 465\nfrom: a@example.com\nto:\n - b@example.com\n - C <c@example.com>\n"))
	if err != nil || !m.implicit || m.Target() != "b@example.com, c@example.com" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestParseMailErrors(t *testing.T) {
	const good = "host: smtp.example.com\nfrom: a@example.com\nto: b@example.com\n"
	tests := []struct {
		name, content string
		wrong         []string
	}{
		{"empty", "", []string{"mail.yaml holds no settings"}},
		{"a list", "- host", []string{"mail.yaml holds no settings"}},
		{"only the password", "secret", []string{"mail.yaml holds no settings"}},
		{"misspelt", good + "hots: x\n", []string{"mail.yaml line 4, hots: this is not a setting: host, port"}},
		{"twice", good + "host: x\n", []string{"mail.yaml line 4, host: it stands here a second time"}},
		{"all at once", "host: smtp.example.com:25\nport: mail\nfrom: anna\nto: [a@example.com, ben]\n", []string{
			`mail.yaml line 1, host: "smtp.example.com:25" is not a server's name`, `mail.yaml line 2, port: "mail" is not a port`,
			`mail.yaml line 3, from: "anna" is not an e-mail address`, `mail.yaml line 4, to: "ben" is not an e-mail address`,
		}},
		{"port out of bounds", good + "port: 70000\n", []string{`"70000" is not a port`}},
		{"injected", good[:23] + "from: \"a@example.com\\r\\nBcc: x@example.com\"\nto: b@example.com\n", []string{"line 2, from:"}},
		{"missing", "port: 25\n", []string{"mail.yaml: host,", "mail.yaml: from,", "mail.yaml: to,"}},
		{"user without password", good + "user: x\n", []string{"password, which the user needs, is missing"}},
		{"blank password", good + "user: x\npassword:\n", []string{"password, which the user needs, is missing"}},
		{"password without user", good + "password: secret\n", []string{"user, whom the password belongs to, is missing"}},
		{"password as alias", good + "user: x\npassword: *secret\n", []string{"mail.yaml cannot be read: put a value"}},
		{"password with a colon", good + "user: x\npassword: a: secret: b\n", []string{"mail.yaml line 5 cannot be read: put a value"}},
		{"password in braces", good + "user: x\npassword: {secret}\n", []string{"mail.yaml line 5, password: one text is expected"}},
		{"password unclosed", good + "user: x\npassword: \"secret\n", []string{"cannot be read"}},
		{"password with a bad escape", good + "user: x\npassword: \"\\secret\"\n", []string{"cannot be read"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseMail("mail.yaml", []byte(tt.content))
			for _, wrong := range tt.wrong {
				checkError(t, err, wrong)
			}
		})
	}
}

// No file makes it fall over, and no error shows the password.
func FuzzParseMail(f *testing.F) {
	for _, seed := range []string{"host: x\nport: 25\nfrom: a@b\nto: [c@d]\nuser: u\npassword: hunter2\n", "password: *hunter2", "password: \"\\hunter2\"", "? hunter2", "{password: [hunter2"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		m, err := ParseMail("mail.yaml", content)
		switch {
		case err == nil && (m.host == "" || m.from == nil || len(m.to) == 0):
			t.Errorf("taken without what it needs: %+v", m)
		case err != nil && strings.HasPrefix(string(content), "password: ") && strings.Contains(err.Error(), "hunter2"):
			t.Errorf("the error shows the password: %v", err)
		}
	})
}

// The example that the docs show is one that works.
func TestParseMailOfTheDocs(t *testing.T) {
	page, err := os.ReadFile("../../docs/scripts.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```yaml\n(host:.*?)```").FindSubmatch(page)
	if block == nil {
		t.Fatal("the docs show no mail file")
	}
	m, err := ParseMail("mail.yaml", block[1])
	if err != nil || m.user == "" || m.password == "" || len(m.to) != 2 {
		t.Errorf("%+v, %v", m, err)
	}
}
