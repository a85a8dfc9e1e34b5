package sandbox

import (
	"bytes"
	"encoding/json"

	"github.com/pontage/pontage"
)

// opened is a JSON answer, and within it the object it is about or the list it gives: the whole, or what stands under "data".
type opened struct {
	whole  any
	object map[string]any
	items  []any
	// isList tells an empty list from none.
	isList bool
}

// thing is a kept object under its name.
type thing struct {
	name    string
	members map[string]any
}

// objectOf reads a JSON object; what is none is an empty one.
func objectOf(body []byte) map[string]any {
	object, _ := decode(body).(map[string]any)
	if object == nil {
		object = map[string]any{}
	}
	return object
}

// decode keeps numbers as they are written; nil for what is no JSON.
func decode(body []byte) (value any) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return nil
	}
	return value
}

// openBody finds what an answer is about.
func openBody(body []byte) opened {
	o := opened{whole: decode(body)}
	about := o.whole
	if envelope, ok := o.whole.(map[string]any); ok {
		if data, there := envelope["data"]; there {
			about = data
		}
	}
	o.object, _ = about.(map[string]any)
	o.items, o.isList = about.([]any)
	return o
}

// with gives the answer with a thing's members in its object; an answer about something else stays as it is.
func (o opened) with(a pontage.Answer, p place, members map[string]any) pontage.Answer {
	if o.object == nil {
		return a
	}
	overlay(o.object, p.parameter, thing{p.name, members})
	return encoded(a, o.whole)
}

// listing gives the answer with these things as its list, each made like the document's first.
func (o opened) listing(a pontage.Answer, parameter string, things []thing) pontage.Answer {
	if !o.isList {
		return a
	}
	var like any = map[string]any{}
	if len(o.items) > 0 {
		like = o.items[0]
	}
	list := make([]any, len(things))
	for i, t := range things {
		item, isObject := clone(like).(map[string]any)
		if !isObject {
			list[i] = named(like, t.name)
			continue
		}
		overlay(item, parameter, t)
		list[i] = item
	}
	if envelope, ok := o.whole.(map[string]any); ok {
		envelope["data"] = list
		return encoded(a, envelope)
	}
	return encoded(a, list)
}

// overlay puts a thing's members over an object's. A member the document gives another type keeps the document's value, so that the answer
// stays one of this API's.
func overlay(object map[string]any, parameter string, t thing) {
	for member, value := range t.members {
		if documented, there := object[member]; !there || documented == nil || kind(documented) == kind(value) {
			object[member] = value
		}
	}
	object[parameter] = named(object[parameter], t.name)
}

// named is a name in the type the document gives it.
func named(like any, name string) any {
	if _, number := like.(json.Number); number && json.Valid([]byte(name)) {
		return json.Number(name)
	}
	return name
}

func kind(value any) string {
	switch value.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case json.Number:
		return "number"
	case bool:
		return "boolean"
	case nil:
		return "null"
	}
	return "string"
}

// clone copies an object; nothing below it is changed.
func clone(value any) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	out := make(map[string]any, len(object))
	for member, v := range object {
		out[member] = v
	}
	return out
}

func encoded(a pontage.Answer, whole any) pontage.Answer {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(whole) != nil {
		return a // what was decoded can be encoded
	}
	a.Body = bytes.TrimSuffix(out.Bytes(), []byte{'\n'})
	return a
}
