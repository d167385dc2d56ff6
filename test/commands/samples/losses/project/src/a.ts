import "scope:reply";
