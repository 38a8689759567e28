// libedit for Swift: its variadic calls, which Swift cannot import, as functions of fixed form.
#pragma once
#include <histedit.h>
#include <stdio.h>

// Columns of a character; the header only declares it for X/Open programs.
extern int wcwidth(wchar_t character);

typedef char *(*cedit_prompt)(EditLine *);
typedef unsigned char (*cedit_command)(EditLine *, int);

// The prompt; escape sequences in it stand between two bytes 1.
static inline int cedit_set_prompt(EditLine *editor, cedit_prompt prompt) {
  return el_set(editor, EL_PROMPT_ESC, prompt, 1);
}

// For EL_TERMINAL and EL_EDITOR.
static inline int cedit_set_text(EditLine *editor, int option, const char *text) {
  return el_set(editor, option, text);
}

// For EL_SIGNAL and EL_PREP_TERM.
static inline int cedit_set_number(EditLine *editor, int option, int number) {
  return el_set(editor, option, number);
}

// A flag of the terminal, as stty spells it, between two lines.
static inline int cedit_set_mode_after(EditLine *editor, const char *flag) {
  return el_set(editor, EL_SETTY, "-x", flag, NULL);
}

static inline int cedit_refresh(EditLine *editor) { return el_set(editor, EL_REFRESH); }

static inline int cedit_set_owner(EditLine *editor, void *owner) {
  return el_set(editor, EL_CLIENTDATA, owner);
}

static inline void *cedit_owner(EditLine *editor) {
  void *owner = NULL;
  el_get(editor, EL_CLIENTDATA, &owner);
  return owner;
}

static inline int cedit_set_reader(EditLine *editor, el_rfunc_t reader) {
  return el_wset(editor, EL_GETCFN, reader);
}

static inline int cedit_set_history(EditLine *editor, History *list) {
  return el_set(editor, EL_HIST, history, list);
}

static inline int cedit_add_command(
    EditLine *editor, const char *name, const char *help, cedit_command command) {
  return el_set(editor, EL_ADDFN, name, help, command);
}

static inline int cedit_bind(EditLine *editor, const char *keys, const char *command) {
  return el_set(editor, EL_BIND, keys, command, NULL);
}

// For H_SETSIZE and H_SETUNIQUE.
static inline int cedit_history_number(History *list, int operation, int number) {
  HistEvent event;
  return history(list, &event, operation, number);
}

// For H_ENTER.
static inline int cedit_history_text(History *list, int operation, const char *text) {
  HistEvent event;
  return history(list, &event, operation, text);
}
