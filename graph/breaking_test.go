package graph

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// breaking lists what a client of the old schema would miss in the new one.
func breaking(before, after *ast.Schema) (broken []string) {
	for name, old := range before.Types {
		now := after.Types[name]
		switch {
		case old.BuiltIn:
		case now == nil || now.Kind != old.Kind:
			broken = append(broken, fmt.Sprintf("%s %s is gone", old.Kind, name))
		case old.Kind == ast.InputObject:
			broken = append(broken, brokenInput(old, now)...)
		default:
			broken = append(broken, brokenType(old, now)...)
		}
	}
	slices.Sort(broken)
	return broken
}

func brokenType(old, now *ast.Definition) (broken []string) {
	for _, f := range old.Fields {
		where := old.Name + "." + f.Name
		same := now.Fields.ForName(f.Name)
		if same == nil {
			broken = append(broken, where+" is gone")
			continue
		}
		if !answersAs(f.Type, same.Type) {
			broken = append(broken, fmt.Sprintf("%s was %s and is %s", where, f.Type, same.Type))
		}
		broken = append(broken, brokenArguments(where, f.Arguments, same.Arguments)...)
	}
	for _, v := range old.EnumValues {
		if now.EnumValues.ForName(v.Name) == nil {
			broken = append(broken, old.Name+"."+v.Name+" is gone")
		}
	}
	for _, member := range slices.Concat(old.Types, old.Interfaces) {
		if !slices.Contains(slices.Concat(now.Types, now.Interfaces), member) {
			broken = append(broken, fmt.Sprintf("%s is no longer with %s", old.Name, member))
		}
	}
	return broken
}

func brokenArguments(where string, old, now ast.ArgumentDefinitionList) (broken []string) {
	for _, a := range old {
		same := now.ForName(a.Name)
		switch {
		case same == nil:
			broken = append(broken, fmt.Sprintf("%s(%s) is gone", where, a.Name))
		case !takesAs(a.Type, same.Type) || a.DefaultValue != nil && same.DefaultValue == nil:
			broken = append(broken, fmt.Sprintf("%s(%s) was %s and is %s, or lost its default", where, a.Name, a.Type, same.Type))
		}
	}
	for _, a := range now {
		if old.ForName(a.Name) == nil && a.Type.NonNull && a.DefaultValue == nil {
			broken = append(broken, fmt.Sprintf("%s(%s) is new and must be given", where, a.Name))
		}
	}
	return broken
}

func brokenInput(old, now *ast.Definition) (broken []string) {
	for _, f := range old.Fields {
		same := now.Fields.ForName(f.Name)
		if same == nil || !takesAs(f.Type, same.Type) || f.DefaultValue != nil && same.DefaultValue == nil {
			broken = append(broken, fmt.Sprintf("%s.%s is gone, takes less, or lost its default", old.Name, f.Name))
		}
	}
	for _, f := range now.Fields {
		if old.Fields.ForName(f.Name) == nil && f.Type.NonNull && f.DefaultValue == nil {
			broken = append(broken, fmt.Sprintf("%s.%s is new and must be given", old.Name, f.Name))
		}
	}
	return broken
}

// answersAs says whether every answer of type now is one of type old.
func answersAs(old, now *ast.Type) bool {
	if old.NonNull && !now.NonNull {
		return false
	}
	if old.Elem != nil || now.Elem != nil {
		return old.Elem != nil && now.Elem != nil && answersAs(old.Elem, now.Elem)
	}
	return old.NamedType == now.NamedType
}

// takesAs says whether type now takes every value that type old took.
func takesAs(old, now *ast.Type) bool { return answersAs(now, old) }
