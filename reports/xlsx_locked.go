package reports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"offerlift/internal/sheet"
)

// vault holds the input's encrypted workbooks as they are without a password, in
// memory alone: no plain copy of one is ever on a disk. Each is opened once.
type vault struct {
	password func(file string) (string, error) // nil: none is known
	mu       sync.Mutex
	opened   map[string]unlocked
	sealing  sync.Mutex // one at a time: it takes the workbook's size several times
}

// unlocked is what came of opening an encrypted workbook.
type unlocked struct {
	raw      []byte
	password string
	err      error
}

// What its owner took care to protect is not to lie about unprotected.
var (
	errLocked = errors.New("your workbook has a password, and a copy of it with the results would have none: " +
		"offerlift report with --password-file writes a copy that has yours")
	errWrongPassword = errors.New("your workbook has another password than the one that was given: " +
		"offerlift report with --password-file writes a copy of it with the results")
)

// isEncrypted tells whether a file is the kind that holds an encrypted workbook.
func isEncrypted(f io.ReaderAt) bool {
	const magic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	head := make([]byte, len(magic))
	n, _ := f.ReadAt(head, 0)
	return string(head[:n]) == magic
}

// open decrypts the workbook that f holds.
func (v *vault) open(name string, f *os.File) unlocked {
	v.mu.Lock()
	defer v.mu.Unlock()
	u, ok := v.opened[name]
	if !ok {
		u.password, u.err = v.ask(name)
		if u.err == nil {
			u.raw, u.err = unlock(f, u.password)
		}
		if v.opened == nil {
			v.opened = map[string]unlocked{}
		}
		v.opened[name] = u
	}
	return u
}

// ask asks for the password of a workbook.
func (v *vault) ask(name string) (string, error) {
	if v.password == nil {
		return "", errLocked
	}
	password, err := v.password(name)
	switch {
	case err != nil:
		return "", fmt.Errorf("%w (%w)", errLocked, err)
	case password == "":
		return "", errLocked
	}
	return password, nil
}

func unlock(f *os.File, password string) ([]byte, error) {
	raw, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	if raw, err = sheet.Unlock(raw, password); err != nil {
		return nil, errWrongPassword
	}
	return raw, nil
}

// writeLocked writes the workbook encrypted. It is made in memory, so that its
// parts are on no disk.
func (p *pack) writeLocked(out io.Writer) error {
	p.vault.sealing.Lock()
	defer p.vault.sealing.Unlock()
	var plain bytes.Buffer
	if err := p.writeParts(&plain); err != nil {
		return err
	}
	sealed, err := sheet.Lock(plain.Bytes(), p.locked)
	if err != nil {
		return fmt.Errorf("the workbook cannot be encrypted: %w", err)
	}
	_, err = out.Write(sealed)
	return err
}

// isLocked tells whether the reports on a workbook have a password.
func (w *writer) isLocked(name string) bool {
	p, err := w.openPack(name)
	if err != nil {
		return false
	}
	defer p.close()
	return p.locked != ""
}
