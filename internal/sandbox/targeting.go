package sandbox

// targetingParams is one target group.
func targetingParams() []param {
	flag := func(key string) param { return one(key, isFlag(), asBool, "") }
	return []param{
		{key: "id", shape: scalar, check: isUUID(), derive: deriveUUID},
		text("name"), one("enabled", isFlag(), asBool, "true"), one("condition", enum("and", "or"), nil, `"and"`),
		allowDeny("country", `{"allow":[],"deny":[]}`, list, isCountry()),
		allowDeny("region", "", perCountry, isInteger()),
		allowDeny("city", "", perCountry, isInteger()),
		allowDeny("isp", "", perCountry, isText()),
		{key: "os", shape: group, fields: newFields(nil, []param{table("allow", versionFields(isOS())), answered("deny", "[]")})},
		flag("os_deny"),
		allowDeny("browser", "", list, isText()),
		{key: "browser_version", shape: group, fields: newFields(nil, []param{
			table("allow", versionFields(isText())), table("deny", versionFields(isText())),
		})},
		allowDeny("brand", "", list, isText()), allowDeny("device_model", "", list, isText()),
		allowDeny("zip", "", list, isText()),
		allowDeny("ua", "", list, isText(), flag("deny_crawlers")),
		allowDeny("referrer", "", list, isText(), flag("deny_empty"), flag("is_regexp")),
		allowDeny("isp_organization", "", list, isText(), flag("deny_empty")),
		allowDeny("ip", "", list, isAddress(), flag("ipv6_deny")),
		many("device_type", isDevice(), nil), flag("device_type_deny"),
		many("connection", isConnection(), nil), flag("connection_deny"),
		subCriterion(),
		many("affiliate_id", isInteger(), asIs),
		flag("block_proxy"), flag("block_known_bots"),
		unsaid(link("url")),
		unsaid(table("urls", weightedURLs(one("spt_url", isURL(), nil, "null")))),
	}
}

// allowDeny is a criterion with an allow list and a deny list, and its own flags.
func allowDeny(key, blank string, s shape, c *check, flags ...param) param {
	side := func(key string) param { return param{key: key, shape: s, check: c, blank: "[]"} }
	return param{key: key, shape: group, blank: blank, fields: newFields(nil, []param{side("allow"), side("deny")}, flags)}
}

func subCriterion() param {
	side := func(key string) param { return param{key: key, shape: perSub, check: isText(), blank: "[]"} }
	f := newFields(nil, []param{
		side("allow"), side("deny"), {key: "deny_groups", shape: subGroups, check: isText(), blank: "[]"},
	})
	f.rigid = true
	return param{key: "sub", shape: group, fields: f}
}

func versionFields(name *check) *fields {
	return newFields(checkVersion, []param{
		required(one("name", name, nil, "")),
		one("comparison", enum("LT", "LTE", "EQ", "GT", "GTE"), nil, ""),
		one("version", isVersion(), nil, ""),
	})
}

// checkVersion: a comparison and a version only mean something together.
func checkVersion(w *walk, in input) {
	switch comparison, version := in.filled("comparison"), in.filled("version"); {
	case comparison && !version:
		w.missing("version")
	case version && !comparison:
		w.missing("comparison")
	}
}
