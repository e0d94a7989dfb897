package notify

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	yaml "go.yaml.in/yaml/v3"
)

// mailKeys are what a mail file may hold.
const mailKeys = "host, port, from, to, user and password"

// ParseMail reads the settings of a mail file:
//
//	host: smtp.example.com
//	port: 587            # the default; 465 is TLS from the start
//	from: Offer import <import@example.com>
//	to: [anna@example.com, ben@example.com]
//	user: import@example.com
//	password: "…"
//
// The error tells of every mistake by line and key, and of no value that could
// be the password. name is the file's, for the error.
func ParseMail(name string, content []byte) (*Mail, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(content, &doc); err != nil {
		return nil, errors.New(syntaxError(name, err))
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s holds no settings: one line each for %s, such as host: smtp.example.com", name, mailKeys)
	}
	m := &Mail{port: 587, timeout: 20 * time.Second, now: time.Now}
	errs := m.take(name, doc.Content[0])
	errs = append(errs, m.missing(name, errs)...)
	m.implicit = m.port == implicitPort
	return m, errors.Join(errs...)
}

// syntaxError keeps of the library's error the line alone: the rest may quote
// the password.
func syntaxError(name string, err error) string {
	const advice = "put a value that holds signs such as : # * & %% or quotes between single quotes"
	if line := regexp.MustCompile(`line (\d+)`).FindStringSubmatch(err.Error()); line != nil {
		return fmt.Sprintf("%s line %s cannot be read: "+advice, name, line[1])
	}
	return fmt.Sprintf("%s cannot be read: "+advice, name)
}

// take reads the settings that are there.
func (m *Mail) take(name string, settings *yaml.Node) (errs []error) {
	var seen []string
	for pair := range slices.Chunk(settings.Content, 2) {
		key := pair[0].Value
		err := m.set(key, pair[1])
		if slices.Contains(seen, key) {
			err = errors.New("it stands here a second time")
		}
		seen = append(seen, key)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s line %d, %s: %w", name, pair[0].Line, clip(key, 40), err))
		}
	}
	return errs
}

// set takes one setting.
func (m *Mail) set(key string, value *yaml.Node) (err error) {
	switch key {
	case "host":
		m.host, err = text(value)
		if err == nil && (m.host == "" || strings.ContainsAny(m.host, "/:@ ")) {
			err = fmt.Errorf("%q is not a server's name, such as smtp.example.com", m.host)
		}
	case "port":
		m.port, err = port(value)
	case "from":
		m.from, err = address(value)
	case "to":
		m.to, err = addresses(value)
	case "user":
		m.user, err = text(value)
	case "password":
		m.password, err = text(value)
	default:
		err = fmt.Errorf("this is not a setting: %s are", mailKeys)
	}
	return err
}

// missing tells what is not there at all; a setting that is there and wrong has
// been told of.
func (m *Mail) missing(name string, told []error) (errs []error) {
	if len(told) > 0 {
		return nil
	}
	need := func(there bool, what string) {
		if !there {
			errs = append(errs, fmt.Errorf("%s: %s is missing", name, what))
		}
	}
	need(m.host != "", "host, the mail server,")
	need(m.from != nil, "from, the sender's address,")
	need(len(m.to) > 0, "to, a list of addresses,")
	need(m.password == "" || m.user != "", "user, whom the password belongs to,")
	need(m.user == "" || m.password != "", "password, which the user needs,")
	return errs
}

func text(value *yaml.Node) (string, error) {
	if value.Kind != yaml.ScalarNode {
		return "", errors.New("one text is expected; put it between single quotes where it begins with a sign")
	}
	if value.Tag == "!!null" {
		return "", nil
	}
	return value.Value, nil
}

func port(value *yaml.Node) (int, error) {
	s, err := text(value)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 65535 {
		return 0, fmt.Errorf("%q is not a port: 587, 465 or 25 are usual", clip(s, 40))
	}
	return n, nil
}

func address(value *yaml.Node) (*mail.Address, error) {
	s, err := text(value)
	if err != nil {
		return nil, err
	}
	a, err := mail.ParseAddress(s)
	if err != nil {
		return nil, fmt.Errorf("%q is not an e-mail address, such as anna@example.com or Anna <anna@example.com>", clip(s, 80))
	}
	return a, nil
}

// addresses is a list of addresses, or a single one.
func addresses(value *yaml.Node) (list []*mail.Address, err error) {
	each := value.Content
	if value.Kind != yaml.SequenceNode {
		each = []*yaml.Node{value}
	}
	for _, one := range each {
		a, err := address(one)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}
