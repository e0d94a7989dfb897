package cli

import (
	"bufio"
	"bytes"
	"encoding/json"

	"offerlift/internal/sheet"
)

// document writes the JSON of a check as it goes on: the messages as they come,
// since there may be millions, then the rest of the object.
type document struct {
	out   *bufio.Writer
	buf   bytes.Buffer
	enc   *json.Encoder
	wrote bool
}

func newDocument(v *voice) *document {
	d := &document{out: bufio.NewWriterSize(v.out, 64<<10)}
	d.enc = json.NewEncoder(&d.buf)
	d.enc.SetEscapeHTML(false)
	d.enc.SetIndent("    ", "  ")
	d.out.WriteString("{\n  \"messages\": [")
	return d
}

// add writes messages. The writer keeps its first error for close.
func (d *document) add(messages []sheet.Message) error {
	for _, m := range messages {
		d.buf.Reset()
		if err := d.enc.Encode(m); err != nil {
			return err
		}
		if d.wrote {
			d.out.WriteByte(',')
		}
		d.wrote = true
		d.out.WriteString("\n    ")
		d.out.Write(bytes.TrimRight(d.buf.Bytes(), "\n"))
	}
	return nil
}

// close ends the list, and writes the members of the rest, which marshals to an
// object, behind it.
func (d *document) close(rest any) error {
	d.buf.Reset()
	d.enc.SetIndent("", "  ")
	if err := d.enc.Encode(rest); err != nil {
		return err
	}
	if d.wrote {
		d.out.WriteString("\n  ")
	}
	d.out.WriteString("],")
	d.out.Write(bytes.TrimPrefix(d.buf.Bytes(), []byte("{")))
	return d.out.Flush()
}
