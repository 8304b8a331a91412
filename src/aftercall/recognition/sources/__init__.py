"""What AWS's services put into the events that they send, one subject a file.

table       how each source is told, its kind, where its resource stands
reading     what one event may cost, and what its messages carry
members     members of a document, each of the type that it should have
hidden      members that rules hide
carriers    trace contexts in headers and message attributes of every form
"""
