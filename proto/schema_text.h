/* The texts of the .proto files, made at build by deploy/cmake/embed.cmake. Each ends with NUL. */
#ifndef WH_PROTO_SCHEMA_TEXT_H
#define WH_PROTO_SCHEMA_TEXT_H

extern const unsigned char wh_schema_text_touchpoint[];
extern const unsigned char wh_schema_text_lead_event[];
extern const unsigned char wh_schema_text_state[];
extern const unsigned char wh_schema_text_model_bundle[];

#endif
