package meter

import (
	"fmt"
	"regexp"

	"github.com/pontage/pontage"
)

// ownSuffix is what follows the prefix of a call id we made.
var ownSuffix = regexp.MustCompile(`^cal_([0-9a-z]{26})$`)

// errorEntryID is made from the call's, so that an entry has one id before and after it is folded; a call has at most one entry.
// Ids that came from outside are kept apart, so that nobody can choose one whose entry is there already.
func errorEntryID(id pontage.CallID) pontage.ErrorEntryID {
	if own := ownSuffix.FindStringSubmatch(string(id)); own != nil {
		return pontage.ErrorEntryID("err_" + own[1])
	}
	return pontage.ErrorEntryID("err_~" + id)
}

func refusedEntry(c *pontage.Call) pontage.ErrorEntry {
	e := newEntry(c)
	e.At, e.Code, e.Message, e.Status = c.DecidedAt, c.Code, c.Message, c.Code.Failure().Status
	return e
}

// endedEntry is about a call the API failed, or answered with 400 and above; its status is the one the partner got.
func endedEntry(c *pontage.Call, o *pontage.Outcome) pontage.ErrorEntry {
	e := newEntry(c)
	e.At, e.Status, e.Code = o.At, o.Status, o.Code
	if e.Code == "" {
		e.Code = pontage.CodeOfStatus(o.Status)
	}
	if e.Status < 400 {
		e.Status = e.Code.Failure().Status
	}
	switch text, known := failures[e.Code]; {
	case o.Status >= 400:
		e.Message = fmt.Sprintf("The API answered with status %d.", o.Status)
	case known:
		e.Message = text
	default:
		e.Message = failures[pontage.Unavailable]
	}
	return e
}

func newEntry(c *pontage.Call) pontage.ErrorEntry {
	return pontage.ErrorEntry{
		ID: errorEntryID(c.ID), AccountID: c.AccountID, LineageID: c.LineageID, ScopeID: c.ScopeID, Host: c.Host, Address: c.Address,
	}
}
