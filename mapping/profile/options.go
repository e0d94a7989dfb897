package profile

import (
	"fmt"
	"slices"
	"strings"
)

// Set returns the profile with an option set to a value.
func (p *Profile) Set(name, value string) (*Profile, error) {
	i := slices.IndexFunc(p.Options, func(o Option) bool { return o.Name == name })
	if i < 0 {
		var names []string
		for _, o := range p.Options {
			names = append(names, o.Name)
		}
		if len(names) == 0 {
			return nil, fmt.Errorf("profile %s has no options to set", p.Name)
		}
		return nil, fmt.Errorf("profile %s has no option %s%s", p.Name, quote(name), didYouMeanOr(name, names, "it has"))
	}
	if of := p.Options[i].Of; len(of) > 0 && !slices.Contains(of, value) {
		return nil, fmt.Errorf("%s is no value of the option %s: %s", quote(value), name, strings.Join(of, ", "))
	}
	out := *p
	out.Options = slices.Clone(p.Options)
	out.Options[i].Value = value
	return &out, nil
}
