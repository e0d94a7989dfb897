package importer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"offerlift/internal/affise"
	"offerlift/internal/sheet"
)

// compare notes what the account stored otherwise than it was sent. An answer
// that does not carry the offer tells nothing of it.
func (o *offer) compare(s affise.Stored) {
	differences, _ := affise.DifferencesOfWhole(o.Body, s.Offer)
	for _, d := range differences {
		o.Messages = append(o.Messages, o.differenceMessage(d))
	}
}

func (o *offer) differenceMessage(d affise.Difference) sheet.Message {
	text := fmt.Sprintf("Affise stored %q instead of %q", d.Stored, d.Sent)
	if d.Missing {
		text = fmt.Sprintf("Affise did not store %q", d.Sent)
	}
	return o.placed(d.Key, sheet.Message{Level: sheet.LevelWarning, Code: "stored_differently", Text: text + ": look at the offer in Affise"})
}

// placed puts a message to the row and column of the first parameter that a
// text of the API names, else to the offer's row.
func (o *offer) placed(named string, m sheet.Message) sheet.Message {
	place, ok := affise.PlaceOf(named)
	return o.placedAt(place, ok, m)
}

// placedAt puts a message to a row and column, where they are known.
func (o *offer) placedAt(place affise.Place, known bool, m sheet.Message) sheet.Message {
	at := o.At
	if known {
		at = o.rowOf(place)
		if place.Column != "" {
			m.Column = at.Prefix + place.Column
		}
	}
	m.File, m.Sheet, m.Cell = at.File, at.Sheet, strconv.Itoa(at.Row)
	return m
}

// rowOf finds the row that a parameter belongs to: the one that its array's item
// was made of, else the offer's own.
func (o *offer) rowOf(p affise.Place) Ref {
	for _, rows := range o.Arrays {
		if rows.Key == p.Array && p.Part >= 0 && p.Part < len(rows.At) {
			return rows.At[p.Part]
		}
	}
	return o.At
}

// verify fetches an offer whose answer did not carry it. That it is stored is
// certain, so that a look that fails is only a warning.
func (e *engine) verify(o *offer, s affise.Stored) (affise.Stored, error) {
	fetched, err := e.fetch(o, s.ID)
	switch {
	case errors.Is(err, ErrJournal):
		return s, err
	case err != nil:
		o.note(sheet.LevelWarning, "not_compared", "it is stored, but could not be fetched to compare it: %v", err)
	case fetched == nil:
		o.note(sheet.LevelWarning, "not_compared", "Affise said that it is stored as offer %d, but does not show it", s.ID)
	default:
		return *fetched, nil
	}
	return s, nil
}

// hashBody is the SHA-256 of a body, in hex: by it a row is seen to have changed
// since it was sent. A file counts by its path.
func hashBody(v affise.Value) string {
	sum := sha256.Sum256(appendValue(make([]byte, 0, 2048), v))
	return hex.EncodeToString(sum[:])
}

// appendValue writes each value with its shape and length, so that no two bodies
// write the same.
func appendValue(b []byte, v affise.Value) []byte {
	switch {
	case v.IsList():
		b = strconv.AppendInt(append(b, 'l'), int64(len(v.Items())), 10)
		for _, item := range v.Items() {
			b = appendValue(b, item)
		}
		return b
	case v.IsMap():
		b = strconv.AppendInt(append(b, 'm'), int64(len(v.Fields())), 10)
		for _, f := range v.Fields() {
			b = appendValue(appendText(b, 'k', f.Key), f.Value)
		}
		return b
	case v.IsFile():
		return appendText(b, 'f', v.Str())
	}
	return appendText(b, 't', v.Str())
}

func appendText(b []byte, kind byte, text string) []byte {
	b = strconv.AppendInt(append(b, kind), int64(len(text)), 10)
	return append(append(b, ':'), text...)
}

// fingerprint keeps a short hash of each value that was sent, as the account
// stored it: "title=1f3a9c2e url=…". Undo sees by it whether somebody edited
// the offer, even within the second that updated_at counts in.
func fingerprint(sent affise.Value, stored json.RawMessage) string {
	b := make([]byte, 0, 256)
	fields := sent.Fields()
	for key, value := range members(stored) {
		if slices.ContainsFunc(fields, func(f affise.Field) bool { return f.Key == string(key) }) {
			b = append(append(append(b, ' '), key...), '=')
			b = appendHash(b, value)
		}
	}
	return strings.TrimPrefix(string(b), " ")
}

// edited lists the keys whose stored values are no longer those of a
// fingerprint.
func edited(print string, stored json.RawMessage) (keys []string) {
	now := map[string]string{}
	for key, value := range members(stored) {
		now[string(key)] = string(appendHash(nil, value))
	}
	for _, entry := range strings.Fields(print) {
		if key, was, _ := strings.Cut(entry, "="); now[key] != was {
			keys = append(keys, key)
		}
	}
	return keys
}

// appendHash appends FNV-1a of 32 bits in hex. It runs for every value of every
// offer, so it makes no hash.Hash.
func appendHash(b, value []byte) []byte {
	h := uint32(2166136261)
	for _, c := range value {
		h = (h ^ uint32(c)) * 16777619
	}
	return hex.AppendEncode(b, []byte{byte(h >> 24), byte(h >> 16), byte(h >> 8), byte(h)})
}

// members are the keys and raw values of a JSON object that is known to be well
// formed. Every stored offer passes here, so it is not decoded.
func members(object []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		at := skip(object, bytes.IndexByte(object, '{')+1)
		for at > 0 && at < len(object) && object[at] == '"' {
			end := valueEnd(object, at)
			if end < at+2 {
				return
			}
			key := object[at+1 : end-1]
			from := skip(object, end)
			end = valueEnd(object, from)
			if end <= from || !yield(key, bytes.TrimSpace(object[from:end])) {
				return
			}
			at = skip(object, end)
		}
	}
}

// skip passes what stands between values.
func skip(text []byte, at int) int {
	for at < len(text) && strings.IndexByte(" \t\r\n,:", text[at]) >= 0 {
		at++
	}
	return at
}

// valueEnd is where the value that begins at a place ends.
func valueEnd(text []byte, at int) int {
	depth := 0
	for ; at < len(text); at++ {
		switch text[at] {
		case '"':
			for at++; at < len(text) && text[at] != '"'; at++ {
				if text[at] == '\\' {
					at++
				}
			}
			if depth == 0 {
				return min(at+1, len(text))
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth == 0 {
				return at + 1
			}
			if depth < 0 {
				return at
			}
		case ',':
			if depth == 0 {
				return at
			}
		}
	}
	return min(at, len(text))
}
