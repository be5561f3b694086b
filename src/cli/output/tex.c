/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tex.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../terminal/message.h"

/* Two spellings of what a figure's axes and legends name: gnuplot's stand in figures/style.gp and rows.gp. */
static const struct {
  const char *name, *tex;
} quantities[] = {{"theta1", "\\theta_1"},
                  {"theta2", "\\theta_2"},
                  {"kappa", "\\kappa"},
                  {"df2", "\\gamma"},
                  {"risk0", "R_0"},
                  {"risk1", "R_1"},
                  {"delta", "R_0 - R_1"},
                  {"risk2", "R_2"},
                  {"train2", "T_2"},
                  {"delta2", "R_1 - R_2"},
                  {"reuse_gain", "R_2^{\\mathrm{fresh}} - R_2^{\\mathrm{same}}"},
                  {"train0", "T_0"},
                  {"train1", "T_1"},
                  {"risk", "R"},
                  {"train", "T"},
                  {"srf_risk", "R_{\\mathrm{srf}}"},
                  {"srf_train", "T_{\\mathrm{srf}}"},
                  {"any_m", "a^\\top \\hat a"},
                  {"any_tau", "\\tau"},
                  {"any_p", "p"},
                  {"any_v", "\\mathbb{E}\\, V"},
                  {"w1_top", "s_1(W_1)"},
                  {"w1_left_beta", "\\langle u_1, \\beta_* \\rangle^2"},
                  {"w1_right_a", "\\langle v_1, a \\rangle^2 / |a|^2"},
                  {"ck_top", "\\lambda_1(F^\\top F / n)"},
                  {"ck_left_xbeta", "(u^\\top \\tilde X \\beta_*)^2 / n"},
                  {"stair1", "s_1(F) / \\sqrt{n N}"},
                  {"stair2", "s_2(F) / \\sqrt{n N}"},
                  {"stair3", "s_3(F) / \\sqrt{n N}"},
                  {"stair4", "s_4(F) / \\sqrt{n N}"},
                  {"stair_edge", "s_1(F_0) / \\sqrt{n N}"},
                  {"stair_count", "\\mathrm{directions}"},
                  {"stair_angle", "\\sin^2 \\angle"},
                  {"grad_op", "|\\sqrt{N} G_0|_{\\mathrm{op}}"},
                  {"grad_fro2", "|\\sqrt{N} G_0|_F^2"},
                  {"grad_rank_one", "|G_0 - A|_{\\mathrm{op}} / |G_0|_{\\mathrm{op}}"},
                  {"step_op", "|W_1 - W_0|_{\\mathrm{op}} / |W_0|_{\\mathrm{op}}"},
                  {"step_fro", "|W_1 - W_0|_F / |W_0|_F"},
                  {"linear_ridge", "R_{\\mathrm{lin}}"},
                  {"ntk_ridge", "R_{\\mathrm{NTK}}"},
                  {"kernel_exp_inner", "R_{\\mathrm{inner}}"},
                  {"kernel_exp_dist", "R_{\\mathrm{dist}}"},
                  {"lower_bound", "\\mu_2^{*2}"},
                  {"tau_star", "\\tau^*"},
                  {"kappa_star", "k^*"},
                  {"gcv", "\\mathrm{GCV}"},
                  {"student_risk", "R_{\\mathrm{student}}"}},
  parameters[] = {{"psi1", "\\psi_1"},
                  {"psi2", "\\psi_2"},
                  {"lambda", "\\lambda"},
                  {"eta", "\\eta"},
                  {"noise", "\\sigma_\\varepsilon"},
                  {"eta_second", "\\eta_2"},
                  {"overlap", "\\phi"},
                  {"extra", "\\psi_E"},
                  {"d", "d"}};

const char *plimi_tex_quantity(const char *name)
{
  for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++)
    if (strcmp(name, quantities[i].name) == 0)
      return quantities[i].tex;
  return NULL;
}

const char *plimi_tex_parameter(const char *name)
{
  for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++)
    if (strcmp(name, parameters[i].name) == 0)
      return parameters[i].tex;
  return NULL;
}

void plimi_tex_text(FILE *stream, const char *text)
{
  static const struct {
    char character;
    const char *tex;
  } escapes[] = {{'\\', "\\textbackslash{}"}, {'^', "\\textasciicircum{}"}, {'~', "\\textasciitilde{}"},
                 {'<', "\\textless{}"},       {'>', "\\textgreater{}"},     {'|', "\\textbar{}"},
                 {'"', "\\textquotedbl{}"}};
  while (*text != '\0') {
    const size_t length = plimi_utf8_length(text);
    const char *escape = NULL;
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
      escape = *text == escapes[i].character ? escapes[i].tex : escape;
    if (escape != NULL && *text == '"')
      fputs("''", stream); /* \textquotedbl is not in every encoding of fonts */
    else if (escape != NULL)
      fputs(escape, stream);
    else if (strchr("#$%&_{}", *text) != NULL)
      fprintf(stream, "\\%c", *text);
    else if (length == 0 || (unsigned char)*text < 0x20 || *text == 0x7f)
      fputc('?', stream);
    else
      fwrite(text, 1, length, stream);
    text += length > 0 ? length : 1;
  }
}

void plimi_tex_comment(FILE *stream, const char *text)
{
  while (*text != '\0') {
    const size_t length = plimi_utf8_length(text);
    /* ^^M is the end of a line to TeX, in a comment too */
    if (length == 0 || (unsigned char)*text < 0x20 || *text == 0x7f || strncmp(text, "^^", 2) == 0)
      fputc('?', stream);
    else
      fwrite(text, 1, length, stream);
    text += length > 0 ? length : 1;
  }
}

void plimi_tex_number(FILE *stream, double value, double error, int digits)
{
  char text[64];
  const double size = value != 0.0 ? fabs(value) : error > 0.0 ? error : 1.0;
  const int power = (int)floor(log10(size));
  const int shift = power < -3 || power > 5 ? power : 0; /* what goes into the factor */
  const double scale = pow(10.0, -shift), scaled = value * scale;
  if (error > 0.0 && isfinite(error)) {
    double two = error * scale;
    int places = 1 - (int)floor(log10(two)); /* of two digits of the error */
    if (round(two * pow(10.0, places)) >= 100.0)
      places--;
    places = places > 0 ? places : 0;
    snprintf(text, sizeof text, "%.*f(%.0f)", places, scaled, round(two * pow(10.0, places)));
  } else {
    snprintf(text, sizeof text, "%.*g", digits, scaled);
  }
  fputs(text, stream);
  if (shift != 0)
    fprintf(stream, "\\times 10^{%d}", shift);
}
