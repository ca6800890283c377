"""Who somebody is: their account, their sign-ins, the role and agency they act in, single sign-on."""
