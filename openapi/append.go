package openapi

import (
	"encoding/json"

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

// encode writes an envelope.
func encode(env pontage.Envelope) ([]byte, error) {
	if data, ok := env.Data.(Appender); ok && env.Success {
		return append(data.AppendJSON([]byte(`{"data":`)), `,"success":true,"message":"","error":null}`...), nil
	}
	return json.Marshal(env)
}
