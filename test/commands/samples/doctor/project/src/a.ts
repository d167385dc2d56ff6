import "scope:welcome";
