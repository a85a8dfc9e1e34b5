package model

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// MarshalPlanKind writes a plan.
func MarshalPlanKind(k pontage.PlanKind) graphql.Marshaler { return capitals(string(k)) }

// UnmarshalPlanKind reads a plan.
func UnmarshalPlanKind(v any) (pontage.PlanKind, error) {
	s, err := small(v)
	return pontage.PlanKind(s), err
}

// UpgradePlanInput and its siblings are the inputs and payloads of the mutations on plans.
type (
	UpgradePlanInput   struct{ Fee pontage.Money }
	UpgradePlanPayload struct{ Plan partner.PlanStatus }
	CancelPlanInput    struct{ ClientMutationID *string }
	CancelPlanPayload  struct {
		Plan             partner.PlanStatus
		ClientMutationID *string
	}
)
