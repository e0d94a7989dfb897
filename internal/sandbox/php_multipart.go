package sandbox

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
)

// A File is one uploaded part of a multipart body.
type File struct {
	Field       string // the part's name, such as creativeFiles[]
	Name        string // the base name that the client gave
	ContentType string
	Data        []byte
}

// ParseMultipart reads a multipart/form-data body as PHP fills $_POST and $_FILES. Values beyond maxVars (0 = 1,000)
// are dropped without a word; files do not count. A body cut off before its last boundary is an error.
func ParseMultipart(r io.Reader, boundary string, maxVars int) (Node, []File, error) {
	n, files, _, err := new(arena).parseMultipart(r, boundary, maxVars)
	return n, files, err
}

func (m *arena) parseMultipart(r io.Reader, boundary string, maxVars int) (root Node, files []File, cut bool, err error) {
	if maxVars <= 0 {
		maxVars = defaultMaxVars
	}
	a, count, parts := m.array(), 0, multipart.NewReader(r, boundary)
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return Node{arr: a}, files, count > maxVars, nil
		}
		if err != nil {
			return Node{}, nil, false, fmt.Errorf("multipart body: %w", err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return Node{}, nil, false, fmt.Errorf("multipart part %q: %w", part.FormName(), err)
		}
		if name := part.FileName(); name != "" {
			files = append(files, File{part.FormName(), name, part.Header.Get("Content-Type"), data})
			continue
		}
		if count++; count <= maxVars {
			m.register(a, part.FormName(), string(data))
		}
	}
}
