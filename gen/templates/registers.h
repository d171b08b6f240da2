/* Registers of {{ design }}. Generated; the same as registers.md and registers.json. */
#ifndef TESSERA_REGISTERS_H
#define TESSERA_REGISTERS_H
{% for r in registers %}
/* {{ r.doc }} ({{ r.access }}) */
#define TESSERA_{{ r.name }} {{ r.offset_hex }}u
{%- endfor %}

#endif
