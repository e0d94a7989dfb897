package affise

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// upload is a file of a tree and the key at the top of the tree under which it
// stands.
type upload struct{ root, path string }

// uploads lists the files of a tree in its order.
func (v Value) uploads(found []upload, root string) []upload {
	if v.shape == shapeFile {
		return append(found, upload{root, v.text})
	}
	for _, item := range v.Items() {
		found = item.uploads(found, root)
	}
	for _, f := range v.Fields() {
		at := root
		if at == "" {
			at = f.Key
		}
		found = f.Value.uploads(found, at)
	}
	return found
}

// CheckFile says what is wrong with a file that is to be sent under a key
// (logo, creativeFiles, creativeAssets): that it is missing, not a plain file,
// or not of a type that the API takes there. Both its name and its content must
// say so.
func CheckFile(key, path string) error {
	_, _, err := inspect(upload{key, path})
	return err
}

// inspect returns a file's size and content type.
func inspect(u upload) (size int64, mime string, err error) {
	f, info, err := openPlain(u.path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	head := make([]byte, 512) // as much as DetectContentType looks at
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return 0, "", fmt.Errorf("file %s cannot be read: %w", filepath.Base(u.path), plainCause(err))
	}
	mime, err = typeOf(u, head[:n])
	return info.Size(), mime, err
}

// openPlain opens a regular file and nothing else: a pipe would block, and a
// device never end.
func openPlain(path string) (*os.File, fs.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fmt.Errorf("file %s cannot be read: %w", filepath.Base(path), plainCause(err))
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is not a file", filepath.Base(path))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("file %s cannot be read: %w", filepath.Base(path), plainCause(err))
	}
	return f, info, nil
}

// plainCause takes the path out of a file's error: messages name the file alone.
func plainCause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// typeOf judges a file by its name and its first bytes together.
func typeOf(u upload, head []byte) (string, error) {
	name := filepath.Base(u.path)
	named := typeOfName(name)
	allowed := []string{"image/jpeg", "image/png", "image/gif"}
	right := "a jpeg, png or gif image"
	if u.root != "logo" {
		allowed, right = append(allowed, "application/zip"), "a jpeg, png or gif image or a zip"
	}
	if !slices.Contains(allowed, named) {
		return "", fmt.Errorf("file %s is not of a type that %s takes: %s", name, u.root, right)
	}
	if held := http.DetectContentType(head); held != named {
		return "", fmt.Errorf("file %s holds %s, not what its name says: %s takes %s", name, contentName(held, len(head)), u.root, right)
	}
	return named, nil
}

func typeOfName(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".pjp":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".gif":
		return "image/gif"
	case ".zip":
		return "application/zip"
	}
	return ""
}

func contentName(mime string, size int) string {
	if size == 0 {
		return "nothing"
	}
	mime, _, _ = strings.Cut(mime, ";")
	return mime
}

// filePart is a file of a multipart body with the header that stands before it.
type filePart struct {
	head string
	path string
	size int64
}

// encodeMultipart puts the files first and the fields after them. The length is
// known beforehand, so that nothing is sent in chunks.
func encodeMultipart(body Value) (Body, error) {
	boundary := "offerlift" + rand.Text()
	var parts []filePart
	var fields bytes.Buffer
	var failed error
	w := walker{open: "[", shut: "]", key: appendPlain, leaf: func(name []byte, v Value) {
		if v.shape == shapeText {
			fmt.Fprintf(&fields, "\r\n--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s", boundary, quoted(string(name)), v.text)
			return
		}
		part, err := newFilePart(boundary, string(name), v.text)
		failed = errors.Join(failed, err)
		parts = append(parts, part)
	}}
	w.walk(body)
	if failed != nil {
		return Body{}, &Error{Outcome: outcomeOfFile(failed), Message: shorten(strings.ReplaceAll(failed.Error(), "\n", "; ")), Err: failed}
	}
	parts[0].head = strings.TrimPrefix(parts[0].head, "\r\n")
	fmt.Fprintf(&fields, "\r\n--%s--\r\n", boundary)
	length := int64(fields.Len())
	for _, p := range parts {
		length += int64(len(p.head)) + p.size
	}
	return Body{ContentType: "multipart/form-data; boundary=" + boundary, Length: length, Open: func() (io.ReadCloser, error) {
		return openParts(parts, fields.Bytes())
	}}, nil
}

func newFilePart(boundary, name, path string) (filePart, error) {
	root, _, _ := strings.Cut(name, "[")
	size, mime, err := inspect(upload{root, path})
	if err != nil {
		return filePart{}, err
	}
	head := fmt.Sprintf("\r\n--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n",
		boundary, quoted(name), quoted(filepath.Base(path)), mime)
	return filePart{head, path, size}, nil
}

// quoted is a name as browsers write it into a part's header.
func quoted(name string) string {
	return strings.NewReplacer("\"", "%22", "\r", "%0D", "\n", "%0A").Replace(name)
}

func appendPlain(dst []byte, key string) []byte { return append(dst, key...) }

// outcomeOfFile: a file that is missing, closed to us or of the wrong type has
// to be mended by the user; what else the system says, such as too many open
// files, passes.
func outcomeOfFile(err error) Outcome {
	var system syscall.Errno
	if errors.Is(err, errChanging) {
		return NotApplied
	}
	if errors.As(err, &system) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
		return NotApplied
	}
	return Rejected
}

var errChanging = errors.New("is being changed")

// upstream is a multipart body while it is sent.
type upstream struct {
	io.Reader
	files []*os.File
}

// Close closes the files.
func (u *upstream) Close() error {
	var err error
	for _, f := range u.files {
		err = errors.Join(err, f.Close())
	}
	return err
}

// openParts opens every file before the first byte is sent: what cannot be
// opened, or has changed its size since it was looked at, is certainly not sent.
func openParts(parts []filePart, fields []byte) (io.ReadCloser, error) {
	u := &upstream{}
	readers := make([]io.Reader, 0, 2*len(parts)+1)
	for _, p := range parts {
		f, info, err := openPlain(p.path)
		if err == nil {
			u.files = append(u.files, f)
		}
		if err == nil && info.Size() != p.size {
			err = fmt.Errorf("file %s %w", filepath.Base(p.path), errChanging)
		}
		if err != nil {
			u.Close()
			return nil, err
		}
		readers = append(readers, strings.NewReader(p.head), io.LimitReader(f, p.size))
	}
	u.Reader = io.MultiReader(append(readers, bytes.NewReader(fields))...)
	return u, nil
}
