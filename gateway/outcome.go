package gateway

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// CallLog reads the call log; *storage.Store is one.
type CallLog interface {
	Call(ctx context.Context, id pontage.CallID) (*pontage.Call, []pontage.Outcome, error)
}

// maxOutcome bounds an outcome's body in bytes.
const maxOutcome = 4 << 10

var (
	errNoCallLog     = pontage.E(pontage.Internal, "This gateway has no call log to find the call in.")
	errOutcomeMethod = pontage.E(pontage.MethodNotAllowed, "Outcomes are sent by POST.")
	errOutcomeBody   = pontage.E(pontage.InvalidInput, `Send {"callId": "…", "status": 503} or {"id": "…", "status": 503}, or the same as query parameters.`)
	errOutcomeID     = pontage.E(pontage.InvalidInput, "Name the call by callId, as in Pontage-Call-Id, or by the id the proxy gave it, not both.").At("callId")
	errOutcomeStatus = pontage.E(pontage.InvalidInput, "The status must be the API's, from 100 to 599, or 0 where there was no answer.").At("status")
	errNotCharged    = pontage.E(pontage.Conflict, "The call was not let through by a check: it was refused, or the gateway ends it by itself.")
)

// report is what somebody says of a call's end.
type report struct {
	CallID pontage.CallID `json:"callId"`
	// ID is the proxy's own.
	ID     string `json:"id"`
	Status *int   `json:"status"`
}

// ending is what became of it.
type ending struct {
	CallID pontage.CallID `json:"callId"`
	// Status is the API's.
	Status   int           `json:"status"`
	Refunded bool          `json:"refunded"`
	Charged  pontage.Money `json:"charged"`
}

// Outcome takes the end of a call that Check admitted and gives its charge back, by a transfer of its own, where the status is free
// by the API's rules; it may be told again. A program that reports sends JSON and reads data. A proxy that is still to answer the
// partner sends query parameters, by GET too, because some can drop a request's body in no other way: the answer is the partner's
// then, with the API's status (502 for 0), and the refund is durable before it begins.
func (g *Gateway) Outcome() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said, forPartner, err := readReport(r)
		if err != nil {
			g.refuseReport(w, err)
			return
		}
		end, err := g.end(r.Context(), said)
		if err != nil {
			g.refuseReport(w, err)
			return
		}
		g.Logger.Info("outcome", "callId", end.CallID, "status", end.Status, "refunded", end.Refunded)
		h := w.Header()
		h.Set("Pontage-Call-Id", string(end.CallID))
		h.Set("Pontage-Charged", end.Charged.String())
		h.Set("Pontage-Currency", string(g.Currency))
		if forPartner {
			end.answer(w)
			return
		}
		writeJSON(w, http.StatusOK, pontage.Success(end))
	})
}

func (g *Gateway) refuseReport(w http.ResponseWriter, err error) {
	e := pontage.Public(err)
	g.Logger.Warn("outcome refused", "error", err)
	if e.Code == pontage.MethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	pontage.SetRetryAfter(w.Header(), e.RetryAfter)
	writeJSON(w, e.Code.Failure().Status, pontage.Refuse(e))
}

// readReport reads and checks what is said; forPartner says that it stands in the query.
func readReport(r *http.Request) (said report, forPartner bool, err error) {
	forPartner = r.URL.RawQuery != ""
	if r.Method != http.MethodPost && !(forPartner && r.Method == http.MethodGet) {
		return said, false, errOutcomeMethod
	}
	if forPartner {
		err = said.readQuery(r)
	} else {
		err = said.readBody(r)
	}
	switch {
	case err != nil:
		return said, false, errOutcomeBody.Because(err)
	case (said.CallID == "") == (said.ID == ""), said.ID != "" && !givenID.MatchString(said.ID):
		return said, false, errOutcomeID
	case said.Status == nil || *said.Status != 0 && (*said.Status < 100 || *said.Status > 599):
		return said, false, errOutcomeStatus
	}
	if said.ID != "" {
		said.CallID = pontage.CallID(givenPrefix + said.ID)
	}
	return said, forPartner, nil
}

func (s *report) readQuery(r *http.Request) error {
	query := r.URL.Query()
	s.CallID, s.ID = pontage.CallID(query.Get("callId")), query.Get("id")
	status, err := strconv.Atoi(query.Get("status"))
	s.Status = &status
	return err
}

func (s *report) readBody(r *http.Request) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxOutcome))
	if err != nil {
		return err
	}
	return json.Unmarshal(body, s)
}

// end finds the call and gives it back if its status is free. It goes on when the proxy is gone.
func (g *Gateway) end(ctx context.Context, said report) (*ending, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.HoldMargin)
	defer cancel()
	if g.Calls == nil {
		return nil, errNoCallLog
	}
	call, outcomes, err := g.Calls.Call(ctx, said.CallID)
	if err != nil {
		return nil, err
	}
	if call.State != pontage.CallSettled {
		return nil, errNotCharged
	}
	end := &ending{CallID: call.ID, Status: *said.Status, Refunded: len(outcomes) > 0, Charged: call.Price}
	if !end.Refunded && (end.Status == 0 || free(g.apiOf(call.Host), end.Status)) {
		if err := g.Meter.GiveBack(ctx, meter.Ending{CallID: call.ID, Status: end.Status}); err != nil {
			return nil, err
		}
		end.Refunded = true
	}
	if end.Refunded {
		end.Charged = 0
	}
	return end, nil
}

// apiOf gives the API a call was for; nil where it is gone, and then the general rules count.
func (g *Gateway) apiOf(host string) *pontage.API {
	for _, api := range g.Catalog.APIs() {
		if api.Host == host {
			return api
		}
	}
	return nil
}

// answer tells the partner what the API could not.
func (e *ending) answer(w http.ResponseWriter) {
	refusal := pontage.E(pontage.CodeOfStatus(e.Status), "The API answered with status %d.", e.Status)
	status := e.Status
	if status == 0 {
		refusal, status = pontage.E(pontage.BadGateway, "The API could not be reached or broke off."), http.StatusBadGateway
	}
	if e.Refunded {
		refusal.Message += " The call was not charged."
	} else {
		refusal.Message += " The call was charged."
	}
	env := pontage.Refuse(refusal)
	env.CallID = e.CallID
	writeJSON(w, status, env)
}
