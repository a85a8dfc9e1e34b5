package openapi

import (
	"encoding/json"
	"sync"

	"github.com/pontage/pontage"
)

// Appender is data of an answer that writes its own JSON: where reflection would be most of the work.
type Appender interface {
	// AppendJSON adds the JSON to out. It must be what encoding/json would make of the documented type.
	AppendJSON(out []byte) []byte
}

// AppendText adds a JSON string as encoding/json writes it.
func AppendText(out []byte, text string) []byte {
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(text) // text always marshals
			return append(out, quoted...)
		}
	}
	return append(append(append(out, '"'), text...), '"')
}

// bodies are buffers of answers that were sent.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

// largestKept bounds what one of them holds on to.
const largestKept = 128 << 10

// appended writes a success whose data writes itself into a buffer, and gives that back once send is done with it; false where the
// data is of another kind.
func appended(env pontage.Envelope, send func(body []byte)) bool {
	data, ok := env.Data.(Appender)
	if !ok || !env.Success {
		return false
	}
	kept := bodies.Get().(*[]byte)
	body := data.AppendJSON(append((*kept)[:0], `{"data":`...))
	body = append(body, `,"success":true,"message":"","error":null}`...)
	send(body)
	if cap(body) <= largestKept {
		*kept = body
	}
	bodies.Put(kept)
	return true
}
